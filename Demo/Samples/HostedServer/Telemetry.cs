using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace HostedServer;

/// <summary>What the configuration says about telemetry.</summary>
internal static class Telemetry
{
    /// <summary>The port at which Prometheus reads the metrics.</summary>
    public static int PrometheusPort(IConfiguration configuration) =>
        int.Parse(configuration["Prometheus:Port"] ?? "9464", CultureInfo.InvariantCulture);

    /// <summary>Whether there is a collector to export to. OpenTelemetry reads the same key.</summary>
    public static bool HasCollector(IConfiguration configuration) => !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
}

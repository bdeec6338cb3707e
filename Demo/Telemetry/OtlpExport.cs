using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NetLoop.Demo.Telemetry;

/// <summary>Exports the program's metrics and traces to an OpenTelemetry collector by OTLP.</summary>
/// <remarks>A program that does not start it loads none of OpenTelemetry.</remarks>
internal sealed class OtlpExport : IDisposable
{
    private const string Source = "NetLoop";
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const int MetricsIntervalMilliseconds = 5_000;
    private const int FlushMilliseconds = 5_000;

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport(Uri? collector)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(Source)
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, collector, "v1/metrics");
                if (!IsSet("OTEL_METRIC_EXPORT_INTERVAL"))
                {
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = MetricsIntervalMilliseconds;
                }
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(Source)
            .AddOtlpExporter(exporter => Configure(exporter, collector, "v1/traces"))
            .Build();
    }

    /// <summary>Whether there is a collector to export to.</summary>
    /// <param name="collector">The one on the command line; null if it names none.</param>
    public static bool IsWanted(Uri? collector) => collector is not null || IsSet(EndpointVariable);

    /// <summary>Begins to export. OpenTelemetry's variables, such as OTEL_SERVICE_NAME, have their usual meaning.</summary>
    /// <param name="collector">The collector's address, to which the paths of the signals are added; null for the one in the environment.</param>
    public static OtlpExport Start(Uri? collector) => new(collector);

    /// <summary>Exports what is left. Called before the server stops, which has no metrics after that.</summary>
    /// <returns>False if the collector did not accept the metrics.</returns>
    public bool Finish()
    {
        _traces.ForceFlush(FlushMilliseconds);
        return _metrics.ForceFlush(FlushMilliseconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Describe(ResourceBuilder resource)
    {
        if (!IsSet("OTEL_SERVICE_NAME"))
        {
            resource.AddService("netloop");
        }
    }

    private static void Configure(OtlpExporterOptions exporter, Uri? collector, string path)
    {
        if (collector is not null)
        {
            exporter.Endpoint = new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{path}");
        }

        if (collector is not null || !IsSet("OTEL_EXPORTER_OTLP_PROTOCOL"))
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        }
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}

using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Telemetry;

/// <summary>The option that names an OpenTelemetry collector.</summary>
internal static class OtlpOption
{
    private const string Name = "--otlp";

    /// <summary>Makes <c>--otlp</c>.</summary>
    public static Option<Uri?> Create() => new(Name)
    {
        Description = "Export metrics and traces to this OpenTelemetry collector, by OTLP over HTTP, for example http://127.0.0.1:4318 "
            + "[default: that of OTEL_EXPORTER_OTLP_ENDPOINT, if it is set]",
        HelpName = "URL",
        CustomParser = result => Uri.TryCreate(OptionFactory.Text(result), UriKind.Absolute, out Uri? collector)
            && (collector.Scheme == Uri.UriSchemeHttp || collector.Scheme == Uri.UriSchemeHttps)
            ? collector
            : OptionFactory.Wrong<Uri?>(result, Name, "is not the address of a collector; write it like http://127.0.0.1:4318"),
    };
}

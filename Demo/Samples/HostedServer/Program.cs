using HostedServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NetLoop;
using OpenTelemetry;
using OpenTelemetry.Metrics;

// The server's options are in appsettings.json; the command line and the environment can change them:
// dotnet run -- --NetLoop:TickRate 30, or NetLoop__TickRate=30 dotnet run
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSingleton<ScoreStore>();
builder.Services.AddScoped<ScoreContext>();
builder.Services.AddNetLoop().AddModule<ScoreModule>();
builder.Services.AddHealthChecks().AddNetLoop();
builder.Services.AddSystemd(); // Under systemd, with Type=notify: says when the server listens and when it stops.

// Prometheus reads the metrics at http://localhost:9464/metrics. If OTEL_EXPORTER_OTLP_ENDPOINT names a collector, metrics, traces and logs go there.
OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics.AddMeter("NetLoop").AddPrometheusHttpListener(o => o.Port = Telemetry.PrometheusPort(builder.Configuration)))
    .WithTracing(traces => traces.AddSource("NetLoop"));
if (Telemetry.HasCollector(builder.Configuration))
{
    telemetry.UseOtlpExporter();
}

await builder.Build().RunAsync();

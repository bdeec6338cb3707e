using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Contracts;
using NetLoop.Demo.Contracts.TypeScript;

namespace NetLoop.Demo.Page;

/// <summary>Serves the page's files, and its figures as JSON. Live data comes over NetLoop's own WebSocket.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private const string SitePrefix = "NetLoop.Demo.Page.site.";

    /// <summary>The page uses only its own resources, and no other page may frame it.</summary>
    private const string ContentPolicy =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private readonly WebApplication _application;
    private HashSet<string> _hosts = [];
    private volatile Source? _source;

    private PageHost(WebApplication application)
    {
        _application = application;
        application.Use(GuardAsync);
        foreach ((string path, string type, byte[] content) in Files())
        {
            Map(path, () => Results.Bytes(content, type));
        }

        Map("/config.json", () => Json(new PageConfiguration(_source!.WebSocketPort), PageJson.Default.PageConfiguration));
        Map("/metrics.json", () => Json(_source!.Vitals(), PageJson.Default.Vitals));
        Map("/metrics", () => Results.Bytes(Encoding.UTF8.GetBytes(_source!.Metrics()), PrometheusText.ContentType));
    }

    /// <summary>The page's address; a concrete one if it is served on all addresses.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The origins under which browsers see the page.</summary>
    public IReadOnlyList<string> Origins { get; private set; } = [];

    /// <summary>Binds the port; nothing is served before <see cref="Show"/>.</summary>
    /// <exception cref="MistakeException">The address cannot be bound.</exception>
    public static async Task<PageHost> StartAsync(PageSettings settings)
    {
        NetEndpoint endpoint = settings.Http;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        string scheme = settings.Certificate is null ? "http" : "https";
        builder.WebHost.UseUrls($"{scheme}://{endpoint}");
        if (settings.Certificate is { } certificate)
        {
            UseCertificate(builder, certificate);
        }

        // The program handles signals, not the web host.
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, NoLifetime>();
        WebApplication application = builder.Build();
        var host = new PageHost(application);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            string holder = NetworkStack.CreateDefault(PollerKind.Auto).FindHolder(endpoint) is { } process ? $"held by {process}" : "in use";
            throw new MistakeException($"port {endpoint.Port} is {holder}; stop it, choose another with --page, or do without a page (--no-page)");
        }

        endpoint = endpoint.WithPort(new Uri(application.Urls.First()).Port);
        host.Address = $"{scheme}://{(endpoint.IsAny ? NetEndpoint.Tcp("127.0.0.1", endpoint.Port) : endpoint)}";
        host.Origins = PageOrigins.Of(endpoint, settings.Certificate is not null, settings.Origins);
        host._hosts = [.. host.Origins.Select(PageOrigins.AuthorityOf)];
        return host;
    }

    /// <summary>Begins to serve.</summary>
    /// <param name="webSocketPort">The port, on the same host, of the WebSocket that sends the page's data.</param>
    /// <param name="vitals">Returns the server's current figures.</param>
    /// <param name="metrics">Returns its counters in the format of Prometheus.</param>
    public void Show(int webSocketPort, Func<Vitals> vitals, Func<string> metrics) => _source = new Source(webSocketPort, vitals, metrics);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _application.DisposeAsync().ConfigureAwait(false);

    private static void UseCertificate(WebApplicationBuilder builder, TlsServerOptions options)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = options.Load(out X509Certificate2Collection issuers);
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificate = certificate;
                https.ServerCertificateChain = issuers;
            }));
        }
        catch (ArgumentException failure)
        {
            throw new MistakeException($"--certificate: {failure.Message}");
        }
    }

    // A foreign host name that resolves to this server (DNS rebinding) is recognized by the Host header. A foreign page must not read what is served here.
    private Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-cache";
        if (_source is null)
        {
            return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The server is starting.");
        }

        return _hosts.Contains(context.Request.Host.Value ?? "", StringComparer.OrdinalIgnoreCase)
            ? next(context)
            : RefuseAsync(
                context, StatusCodes.Status421MisdirectedRequest, $"This page is at {Address}; the option --origin names other addresses that lead to it.");
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n");
    }

    private static IEnumerable<(string Path, string Type, byte[] Content)> Files()
    {
        Assembly assembly = typeof(PageHost).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(SitePrefix, StringComparison.Ordinal)))
        {
            string name = resource[SitePrefix.Length..];
            yield return (name == "index.html" ? "/" : "/" + name, TypeOf(name), Read(assembly, resource));
        }

        foreach ((string path, string resource) in PageSources.List())
        {
            yield return (path, "text/plain; charset=utf-8", Read(assembly, resource));
        }

        ContractSet contracts = ContractSet.Parse(NetContracts.Description).WithResponses(NetContracts.Requests);
        string client = ScriptEmitter.Emit(contracts, ContractComments.None, "netloop", Int64Form.Number, withTypes: false);
        yield return ("/client.js", TypeOf("client.js"), Encoding.UTF8.GetBytes(client));
    }

    private static byte[] Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };

    // HEAD too: the server leaves out the content of the GET response.
    private void Map(string path, Func<IResult> respond) => _application.MapMethods(path, Methods, respond);

    private static IResult Json<T>(T value, JsonTypeInfo<T> type) => Results.Text(JsonSerializer.Serialize(value, type), "application/json");

    private sealed record Source(int WebSocketPort, Func<Vitals> Vitals, Func<string> Metrics);
}

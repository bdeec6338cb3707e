using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Contracts;
using NetLoop.Demo.Contracts.TypeScript;

namespace NetLoop.Demo.Page;

/// <summary>Serves the page's files and its figures as JSON. What moves on it comes over NetLoop's own WebSocket.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private const string SitePrefix = "NetLoop.Demo.Page.site.";

    /// <summary>Everything the page uses is its own; nobody else may frame it.</summary>
    private const string ContentPolicy = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private readonly WebApplication _application;

    private PageHost(WebApplication application) => _application = application;

    /// <summary>The page's address.</summary>
    public string Address => _application.Urls.First();

    /// <summary>Starts serving.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="webSocketPort">Where on the same host its data comes from.</param>
    /// <param name="vitals">The server's figures now.</param>
    /// <exception cref="MistakeException">The address cannot be listened on.</exception>
    public static async Task<PageHost> StartAsync(NetEndpoint endpoint, int webSocketPort, Func<Vitals> vitals)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{endpoint}");

        // Signals belong to the program, not to its page.
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, NoLifetime>();
        WebApplication application = builder.Build();
        application.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.CacheControl = "no-cache";
            return next(context);
        });
        foreach ((string path, string type, byte[] content) in Files())
        {
            application.MapGet(path, () => Results.Bytes(content, type));
        }

        string configuration = JsonSerializer.Serialize(new PageConfiguration(webSocketPort), PageJson.Default.PageConfiguration);
        application.MapGet("/config.json", () => Results.Text(configuration, "application/json"));
        application.MapGet("/metrics.json", () => Results.Text(JsonSerializer.Serialize(vitals(), PageJson.Default.Vitals), "application/json"));
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

        return new PageHost(application);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _application.DisposeAsync().ConfigureAwait(false);

    private static IEnumerable<(string Path, string Type, byte[] Content)> Files()
    {
        Assembly assembly = typeof(PageHost).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(SitePrefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            string name = resource[SitePrefix.Length..];
            yield return (name == "index.html" ? "/" : "/" + name, TypeOf(name), content);
        }

        string client = ScriptEmitter.Emit(ContractSet.Parse(NetContracts.Description), "netloop", Int64Form.Number, withTypes: false);
        yield return ("/client.js", TypeOf("client.js"), System.Text.Encoding.UTF8.GetBytes(client));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}

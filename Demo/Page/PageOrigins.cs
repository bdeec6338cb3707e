using System.Net;
using System.Net.NetworkInformation;

namespace NetLoop.Demo.Page;

/// <summary>The origins under which browsers see the live page. No other page may use its WebSocket, and no other Host is served.</summary>
internal static class PageOrigins
{
    private const int DefaultPort = 80;
    private const int DefaultSecurePort = 443;

    /// <summary>Lists the origins.</summary>
    /// <param name="page">The address of the page, with its actual port.</param>
    /// <param name="isEncrypted">Whether it is served by https.</param>
    /// <param name="more">The origins that the command line names.</param>
    public static IReadOnlyList<string> Of(NetEndpoint page, bool isEncrypted, IEnumerable<string> more)
    {
        string scheme = isEncrypted ? "https" : "http";
        string port = page.Port == (isEncrypted ? DefaultSecurePort : DefaultPort) ? "" : $":{page.Port}";
        IEnumerable<string> hosts = ["127.0.0.1", "localhost", "[::1]", .. page.IsAny ? HostsOfThisMachine() : [HostOf(page)]];
        return [.. hosts.Select(host => $"{scheme}://{host}{port}").Concat(more).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Returns the Host header that a browser sends for an origin.</summary>
    public static string AuthorityOf(string origin) => origin[(origin.IndexOf("://", StringComparison.Ordinal) + 3)..];

    /// <summary>Reads an origin.</summary>
    /// <exception cref="FormatException">The text is not an origin.</exception>
    public static string Read(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            ? uri.GetLeftPart(UriPartial.Authority)
            : throw new FormatException($"'{text}' is not an origin: write http or https, the host and perhaps a port, for example https://game.example.");

    private static IEnumerable<string> HostsOfThisMachine() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Where(unicast => !unicast.Address.IsIPv6LinkLocal)
            .Select(unicast => HostOf(NetEndpoint.Tcp(unicast.Address, 0)))
            .Append(Dns.GetHostName());

    private static string HostOf(NetEndpoint endpoint)
    {
        string text = endpoint.ToString();
        return text[..text.LastIndexOf(':')];
    }
}

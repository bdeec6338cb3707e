using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>Which pages may connect. A browser names the page's origin, and nothing else keeps a stranger's page from using its visitor's access.</summary>
/// <param name="allowed">Origins such as <c>https://example.org</c>; empty allows those of the host that the connection was made to, on any port.</param>
/// <param name="allowsMissing">Whether a request without an origin is accepted: programs send none, browsers always do.</param>
/// <remarks>Source: RFC 6455, section 10.2; RFC 6454.</remarks>
internal sealed class OriginPolicy(IEnumerable<string> allowed, bool allowsMissing)
{
    private readonly byte[][] _allowed = [.. allowed.Select(Encoding.UTF8.GetBytes)];

    public bool Allows(in HttpHead request)
    {
        if (!request.HasOrigin)
        {
            return allowsMissing;
        }

        if (_allowed.Length == 0)
        {
            ReadOnlySpan<byte> page = HostOf(AfterScheme(request.Origin));
            return !page.IsEmpty && Ascii.EqualsIgnoreCase(page, HostOf(request.Host));
        }

        foreach (byte[] origin in _allowed)
        {
            if (Ascii.EqualsIgnoreCase(request.Origin, origin))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> AfterScheme(ReadOnlySpan<byte> origin)
    {
        int scheme = origin.IndexOf("://"u8);
        return scheme <= 0 ? default : origin[(scheme + 3)..];
    }

    /// <summary>The host without its port; an IPv6 address keeps its brackets.</summary>
    private static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> hostAndPort)
    {
        int end = hostAndPort.StartsWith("["u8) ? hostAndPort.IndexOf((byte)']') + 1 : hostAndPort.IndexOf((byte)':');
        return end <= 0 ? hostAndPort : hostAndPort[..end];
    }
}

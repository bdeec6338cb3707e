using System.Net;
using System.Net.Sockets;

namespace NetLoop.Stack.Portable;

/// <summary>Resolves host names with the operating system's resolver.</summary>
internal sealed class SystemNameResolver : INameResolver
{
    public static readonly SystemNameResolver Instance = new();

    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return [];
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}

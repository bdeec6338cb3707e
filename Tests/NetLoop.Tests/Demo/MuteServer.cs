using System.Net;
using System.Net.Sockets;

namespace NetLoop.Tests.Demo;

/// <summary>A server that does nothing: the kernel accepts its connections, and either nothing is ever sent, or each connection is reset.</summary>
internal sealed class MuteServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _resetting;

    public MuteServer(bool resets)
    {
        _listener.Start(backlog: 128);
        _resetting = resets ? ResetAsync() : Task.CompletedTask;
    }

    public string Uri => $"tcp://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _resetting;
    }

    private async Task ResetAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                socket.Close(timeout: 0);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}

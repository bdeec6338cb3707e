using System.Net;
using System.Net.Sockets;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Page;

/// <summary>Opens a session, requests megabytes, and reads nothing.</summary>
internal static class SlowReader
{
    private const int BlobBytes = 32 * 1024;
    private const int SmallestReceiveBuffer = 4096;

    /// <summary>Time between two requests: short enough to fill every buffer on the way in a second or two, and long enough not to be a flood.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Sends requests until the server closes the connection.</summary>
    public static async Task RunAsync(NetEndpoint server, CancellationToken end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = SmallestReceiveBuffer };
        await socket.ConnectAsync(IPEndPoint.Parse(server.ToString()), end).ConfigureAwait(false);
        await socket.SendAsync(RawFrames.Hello, end).ConfigureAwait(false);
        byte[] question = RawFrames.Message(new Blob(new byte[BlobBytes]));
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(end).ConfigureAwait(false))
            {
                await socket.SendAsync(question, end).ConfigureAwait(false);
            }
        }
        catch (SocketException)
        {
            // The server closed the connection.
        }
    }
}

using System.Net;
using System.Net.Sockets;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Page;

/// <summary>Opens a session, asks for megabytes, and reads none of them.</summary>
internal static class SlowReader
{
    private const int BlobBytes = 32 * 1024;
    private const int SmallestReceiveBuffer = 4096;

    /// <summary>Between two questions: enough of them to fill every buffer on the way in a second or two, too few to be a flood.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Does so until the server has had enough.</summary>
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
            // Thrown out.
        }
    }
}

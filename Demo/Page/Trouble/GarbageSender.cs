using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace NetLoop.Demo.Page;

/// <summary>Sends random bytes, with or without a session, until the server closes the connection.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Garbage needs no good randomness.")]
internal static class GarbageSender
{
    private const int MaxGarbageBytes = 4096;

    /// <summary>Does this once.</summary>
    public static async Task RunAsync(NetEndpoint server, CancellationToken end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(server.ToString()), end).ConfigureAwait(false);
        if (Random.Shared.Next(2) == 0)
        {
            await socket.SendAsync(RawFrames.Hello, end).ConfigureAwait(false);
        }

        byte[] garbage = new byte[Random.Shared.Next(1, MaxGarbageBytes)];
        Random.Shared.NextBytes(garbage);
        await socket.SendAsync(garbage, end).ConfigureAwait(false);
        try
        {
            while (await socket.ReceiveAsync(garbage, end).ConfigureAwait(false) > 0)
            {
                // The server's responses are ignored.
            }
        }
        catch (SocketException)
        {
            // The server reset the connection.
        }
    }
}

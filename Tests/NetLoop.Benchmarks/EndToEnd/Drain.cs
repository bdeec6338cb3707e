
namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>Connections that read and discard: the receivers of a broadcast.</summary>
internal static class Drain
{
    private const int MaxEvents = 1024;
    private const int BufferBytes = 64 * 1024;

    /// <summary>Connects and reads until the process ends.</summary>
    public static void Run(int port, int connections)
    {
        INetworkStack stack = NetworkStack.CreateDefault(PollerKind.Auto);
        using IPoller poller = stack.CreatePoller(PollerKind.Auto);
        var sockets = new SocketHandle[connections];
        for (int i = 0; i < connections; i++)
        {
            SocketStatus status = stack.Connect(NetEndpoint.Tcp("127.0.0.1", port), out sockets[i]);
            if (status is not (SocketStatus.Ok or SocketStatus.InProgress) || poller.Add(sockets[i], Interest.Readable, new Token(i, 0)) != SocketStatus.Ok)
            {
                throw new IOException($"connection {i}: {status}");
            }

            // Not faster than the listener accepts them.
            Thread.Sleep(i % 64 == 63 ? 5 : 0);
        }

        Console.Out.WriteLine($"listening on tcp 127.0.0.1:{port}");
        var events = new ReadyEvent[MaxEvents];
        var buffer = new byte[BufferBytes];
        int open = connections;
        while (open > 0)
        {
            int count = poller.Wait(events, -1);
            for (int i = 0; i < count; i++)
            {
                SocketHandle socket = sockets[events[i].Token.Slot];
                SocketResult result = stack.Receive(socket, buffer);
                if (result.Status is not (SocketStatus.Ok or SocketStatus.WouldBlock or SocketStatus.Interrupted)
                    || result is { Status: SocketStatus.Ok, Count: 0 })
                {
                    poller.Remove(socket);
                    stack.Close(socket, reset: true);
                    open--;
                }
            }
        }
    }
}

using LiteNetLib;
using NetLoop.Demo.Echo;

namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary>Echo servers over UDP.</summary>
internal static class DatagramEcho
{
    /// <summary>Serves until the process ends.</summary>
    public static async Task RunAsync(DatagramPeer peer)
    {
        if (peer == DatagramPeer.LiteNetLib)
        {
            await RunLiteNetLibAsync().ConfigureAwait(false);
        }
        else
        {
            await RunNetLoopAsync().ConfigureAwait(false);
        }
    }

    private static async Task RunNetLoopAsync()
    {
        await using NetServer server = NetServer.Create(options =>
        {
            options.ListenUdp("127.0.0.1", 0);
            options.MaxConnections = 10_000;
        });
        server.On<PlayerMove>(static (session, in move) => session.Send(move));
        server.On<UnreliableMove>(static (session, in move) => session.Send(move));
        server.Start();
        await Console.Out.WriteLineAsync($"listening on udp {server.Endpoints[0]}").ConfigureAwait(false);
        await server.Completion.ConfigureAwait(false);
    }

    // As fast as its options allow: events run on the thread that receives, and queued packets leave each millisecond instead of every 15.
    private static async Task RunLiteNetLibAsync()
    {
        var listener = new EventBasedNetListener();
        var manager = new NetManager(listener) { UnsyncedEvents = true, AutoRecycle = true, UpdateTime = 1, IPv6Enabled = false, UseNativeSockets = true };
        listener.ConnectionRequestEvent += static request => request.Accept();
        listener.NetworkReceiveEvent += static (peer, reader, _, method) => peer.Send(reader.GetRemainingBytesSpan(), method);
        if (!manager.Start(0))
        {
            throw new IOException("LiteNetLib cannot listen");
        }

        await Console.Out.WriteLineAsync($"listening on udp 127.0.0.1:{manager.LocalPort}").ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite).ConfigureAwait(false);
    }
}

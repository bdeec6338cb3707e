using System.Diagnostics;
using System.Text.Json;
using LiteNetLib;
using NetLoop.Demo.Echo;
using NetLoop.Demo.Load;

namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary>Clients that keep a number of messages under way to an echo over UDP. All of them share one thread, with either library.</summary>
internal static class DatagramLoad
{
    /// <summary>Bytes of a body of the engine with a PlayerMove: LiteNetLib's messages have as many.</summary>
    private const int MessageBytes = 28;

    private static readonly TimeSpan StallCheck = TimeSpan.FromMilliseconds(200);

    /// <summary>Loads a server and prints the result as one line of JSON.</summary>
    /// <param name="peer">The library.</param>
    /// <param name="port">The port of the server on 127.0.0.1.</param>
    /// <param name="process">The process of the server.</param>
    /// <param name="load">The load.</param>
    /// <param name="warmUp">How long to load before the measurement.</param>
    /// <param name="duration">How long to measure.</param>
    public static async Task RunAsync(DatagramPeer peer, int port, int process, DatagramCase load, TimeSpan warmUp, TimeSpan duration)
    {
        var measurement = new Measurement(process, warmUp, duration);
        if (peer == DatagramPeer.LiteNetLib)
        {
            RunLiteNetLib(port, load, measurement);
        }
        else
        {
            await RunNetLoopAsync(port, load, measurement).ConfigureAwait(false);
        }

        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(measurement.Sample!, ReportJson.Lines.DatagramSample)).ConfigureAwait(false);
    }

    private static async Task RunNetLoopAsync(int port, DatagramCase load, Measurement measurement)
    {
        await using EventLoop loop = EventLoop.Start();
        var clients = new List<NetClient>();
        var windows = new List<MoveWindow>();
        try
        {
            for (int i = 0; i < load.Clients; i++)
            {
                MoveWindow own = null!;
                var handlers = new HandlerTable();
                handlers.On<PlayerMove>((_, in move) => own.Receive(move.Sequence));
                handlers.On<UnreliableMove>((_, in move) => own.Receive(move.Sequence));
                NetClient client = await NetClient.ConnectAsync($"udp://127.0.0.1:{port}", options =>
                {
                    options.Loop = loop;
                    options.Handlers = handlers;
                }).ConfigureAwait(false);
                clients.Add(client);
                own = new MoveWindow(
                    load.InFlight,
                    load.IsReliable
                        ? sequence => client.Send(new PlayerMove(sequence, 1.5f, 2.5f, 3.5f, 0.5f, 7))
                        : sequence => client.Send(new UnreliableMove(sequence, 1.5f, 2.5f, 3.5f, 0.5f, 7)));
                windows.Add(own);
            }

            loop.Post(() => windows.ForEach(window => window.Start()));
            while (measurement.Sample is null)
            {
                await Task.Delay(StallCheck).ConfigureAwait(false);
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                loop.Post(() =>
                {
                    Check(windows, load, measurement);
                    done.SetResult();
                });
                await done.Task.ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (NetClient client in clients)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static void RunLiteNetLib(int port, DatagramCase load, Measurement measurement)
    {
        DeliveryMethod method = load.IsReliable ? DeliveryMethod.ReliableOrdered : DeliveryMethod.Unreliable;
        byte[] message = new byte[MessageBytes];
        var managers = new List<NetManager>();
        var windows = new List<MoveWindow>();
        int connected = 0;
        for (int i = 0; i < load.Clients; i++)
        {
            var listener = new EventBasedNetListener();
            var manager = new NetManager(listener) { AutoRecycle = true, IPv6Enabled = false, UseNativeSockets = true };
            NetPeer? server = null;
            var window = new MoveWindow(load.InFlight, sequence =>
            {
                BitConverter.TryWriteBytes(message, sequence);
                server!.Send(message, method);
            });
            listener.PeerConnectedEvent += peer =>
            {
                server = peer;
                connected++;
            };
            listener.NetworkReceiveEvent += (_, reader, _, _) => window.Receive(reader.GetUInt());
            manager.StartInManualMode(0);
            manager.Connect("127.0.0.1", port, "");
            managers.Add(manager);
            windows.Add(window);
        }

        bool isStarted = false;
        long updated = Stopwatch.GetTimestamp();
        long checkedAt = updated;
        while (measurement.Sample is null)
        {
            long now = Stopwatch.GetTimestamp();
            float milliseconds = (float)Stopwatch.GetElapsedTime(updated, now).TotalMilliseconds;
            updated = now;
            foreach (NetManager manager in managers)
            {
                manager.PollEvents();
                manager.ManualUpdate(milliseconds);
            }

            if (!isStarted && connected == load.Clients)
            {
                isStarted = true;
                windows.ForEach(window => window.Start());
            }

            if (isStarted && Stopwatch.GetElapsedTime(checkedAt, now) >= StallCheck)
            {
                checkedAt = now;
                Check(windows, load, measurement);
            }
        }

        managers.ForEach(manager => manager.Stop());
    }

    private static void Check(List<MoveWindow> windows, DatagramCase load, Measurement measurement)
    {
        measurement.Update(windows);
        if (!load.IsReliable)
        {
            windows.ForEach(window => window.RestartIfStalled());
        }
    }

    private sealed class Measurement(int process, TimeSpan warmUp, TimeSpan duration)
    {
        private readonly long _created = Stopwatch.GetTimestamp();
        private long _began;
        private double _cpu;
        private long _returned;
        private long _lost;

        public DatagramSample? Sample { get; private set; }

        public void Update(List<MoveWindow> windows)
        {
            long returned = windows.Sum(window => window.Returned);
            long lost = windows.Sum(window => window.Lost);
            if (_began == 0)
            {
                if (Stopwatch.GetElapsedTime(_created) >= warmUp && returned > 0)
                {
                    (_began, _cpu, _returned, _lost) = (Stopwatch.GetTimestamp(), Cpu(), returned, lost);
                }

                return;
            }

            double seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
            if (seconds >= duration.TotalSeconds)
            {
                double cpu = Cpu() - _cpu;
                double count = returned - _returned;
                double missing = lost - _lost;
                Sample = new DatagramSample(count / seconds, cpu / count * 1e6, cpu / seconds, missing / (count + missing));
            }
        }

        private double Cpu() => ProcessCpu.Seconds(process) ?? 0;
    }
}

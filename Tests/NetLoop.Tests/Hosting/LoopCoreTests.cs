using NUnit.Framework;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;
using NetLoop.Transports.Streams;

namespace NetLoop.Tests.Hosting;

/// <summary>The test runs the iterations, on a manual clock: no thread, no waiting.</summary>
public sealed class LoopCoreTests
{
    private static readonly TimeSpan Step = TimeSpan.FromTicks(TimeSpan.TicksPerSecond / 50);

    private ManualTimeProvider _time = null!;
    private CollectingLoggerFactory _log = null!;
    private LoopCore _core = null!;
    private List<long> _ticks = null!;

    [SetUp]
    public void CreateLoop()
    {
        _time = new ManualTimeProvider();
        _log = new CollectingLoggerFactory();
        _ticks = [];
        _core = new LoopCore(new EventLoopOptions { TickRate = 50, TimeProvider = _time, LoggerFactory = _log, BufferDiagnostics = true });
        _core.BindToThread();
        _core.Ticks.Add(tick => _ticks.Add(tick.Number));
        _core.StartTicks();
    }

    [TearDown]
    public void DisposeLoop() => _core.Dispose();

    [Test]
    public void RunIteration_StepByStep_RunsEachTickOnce()
    {
        for (int i = 0; i < 10; i++)
        {
            Advance(Step);
        }

        Assert.That(_ticks, Is.EqualTo(Enumerable.Range(1, 10)));
        Assert.That(_core.Counters.TicksSkipped, Is.Zero);
        Assert.That(_core.Ticks.Delta, Is.EqualTo(Step));
    }

    [Test]
    public void NextDue_ConnectionDiedAtTheEndOfAnIteration_IsAtOnce()
    {
        // Found by simulation, swarm 5005839: a session that gets a Goodbye between two iterations may end for lack of memory.
        Assert.That(_core.NextDue(), Is.GreaterThan(0));
        _core.Transport.MarkDead(new StreamConnection(_core.Streams));
        Assert.That(_core.NextDue(), Is.Zero);
    }

    [Test]
    public void RunIteration_TwoSecondsLate_CatchesUpThreeAndSkipsTheRest()
    {
        Advance(TimeSpan.FromSeconds(2));

        Assert.That(_ticks, Is.EqualTo(new long[] { 98, 99, 100 }));
        Assert.That(_core.Counters.TicksSkipped, Is.EqualTo(97));

        Advance(Step);
        Assert.That(_ticks[^1], Is.EqualTo(101));
    }

    [Test]
    public void RunIteration_HandlersThreadBusy_TicksAreOwedUpToTheCatchUpLimit()
    {
        using var core = new LoopCore(new EventLoopOptions { TickRate = 50, TimeProvider = _time, HandlerMode = HandlerMode.Dedicated });
        core.BindToThread();
        core.Ticks.Add(tick => _ticks.Add(tick.Number));
        core.StartTicks();
        var pump = core.CreateDedicatedPump();
        int[] owedEachTime = [1, 3, 5];
        foreach (int owed in owedEachTime)
        {
            for (int i = 0; i < owed; i++)
            {
                _time.Advance(Step);
                core.RunIteration();
            }

            pump.Run(int.MaxValue);
        }

        // Handed over: tick 1; then 2 at once, while 3 and 4 wait; then these with 5, while 6 to 9 wait, of which the oldest is skipped.
        _time.Advance(Step);
        core.RunIteration();
        pump.Run(int.MaxValue);
        Assert.That(_ticks, Is.EqualTo(new long[] { 1, 2, 3, 4, 5, 8, 9, 10 }));
        Assert.That(core.Counters.Ticks, Is.EqualTo(8));
        Assert.That(core.Counters.TicksSkipped, Is.EqualTo(2));
    }

    [Test]
    public void RunIteration_AnHourOfTicks_DoesNotDrift()
    {
        const int Ticks = 50 * 3600;
        for (int i = 0; i < Ticks; i++)
        {
            Advance(Step);
        }

        Assert.That(_ticks, Has.Count.EqualTo(Ticks));
        Assert.That(_ticks[^1], Is.EqualTo(Ticks));
    }

    [Test]
    public void RunIteration_LateTick_IsExplainedInOneLine()
    {
        _core.Ticks.Add(tick =>
        {
            if (tick.Number == 2)
            {
                _time.Advance(TimeSpan.FromMilliseconds(130));
            }
        });
        Advance(Step);
        Advance(Step);
        _core.RunIteration();

        string line = _log.Lines.Single(line => line.Id == 1002).Text;
        Assert.That(line, Is.EqualTo("Tick 8 started 110.0 ms late. The previous tick took 130.0 ms. 3 ticks were skipped."));
    }

    [Test]
    public void RunIteration_TickHandlerThrows_IsLoggedAndTheGameGoesOn()
    {
        _core.Ticks.Add(tick => throw new InvalidOperationException("broken"));
        Advance(Step);
        Advance(Step);

        Assert.That(_ticks, Is.EqualTo(new long[] { 1, 2 }));
        Assert.That(_log.Lines.Count(line => line.Id == 1003), Is.EqualTo(1), "the second line within five seconds is left out");
    }

    [Test]
    public void RunIteration_HandlersTakeLongerThanATick_TicksGetTheirTurnInBetween()
    {
        const int Messages = 400;
        int handled = 0;
        int handledAtFirstTick = -1;
        NetServer server = NetServer.Create(o =>
        {
            o.TickRate = 50;
            o.TimeProvider = _time;
            o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
        });
        server.On<Say>((session, in say) =>
        {
            handled++;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        });
        server.OnTick(tick => handledAtFirstTick = handledAtFirstTick < 0 ? handled : handledAtFirstTick);
        server.Open();
        server.Core.StartTicks();
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            socket.Connect("127.0.0.1", server.Endpoints[0].Port);
            byte[] frame = [0, 0, 0, 6, 0x93, 2, 72, 0x91, 0xA1, (byte)'x'];
            socket.GetStream().Write(Enumerable.Repeat(frame, Messages).SelectMany(bytes => bytes).ToArray());
            while (handled < Messages)
            {
                server.Core.RunIteration();
            }
        }

        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.That(handledAtFirstTick, Is.InRange(1, EnvelopeBatch.Capacity), "of 400 messages that take 1 ms each, beside a tick every 20 ms");
    }

    [Test]
    public void RunIteration_TicksTakeLongerThanTheirStep_EverybodyIsServedAndNewcomersEnter([Values(15, 17, 40, 200)] int clients)
    {
        NetServer server = NetServer.Create(o =>
        {
            o.TickRate = 50;
            o.TimeProvider = _time;
            o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
        });
        var said = new Dictionary<Session, int>();
        server.On<Say>((session, in say) => said[session] = said.GetValueOrDefault(session) + 1);
        int longTicks = 0;
        server.OnTick(_ =>
        {
            longTicks++;
            _time.Advance(TimeSpan.FromMilliseconds(25));
        });
        server.Open();
        server.Core.StartTicks();
        byte[] frame = [0, 0, 0, 6, 0x93, 2, 72, 0x91, 0xA1, (byte)'x'];

        // Each iteration reads at least 15 connections; the poller reports at most 1,024.
        int round = 4 + (2 * ((clients / 15) + 1));
        var peers = new List<System.Net.Sockets.TcpClient>();
        for (int rounds = 1; rounds <= 3; rounds++)
        {
            while (peers.Count < rounds * clients / 3)
            {
                peers.Add(new System.Net.Sockets.TcpClient("127.0.0.1", server.Endpoints[0].Port));
            }

            peers.ForEach(peer => peer.GetStream().Write(frame));
            int expected = peers.Count;
            for (int i = 0; i < round + (clients / 8) && (said.Count < expected || said.Values.Max() < rounds); i++)
            {
                _time.Advance(Step);
                server.Core.RunIteration();
            }

            Assert.That(said, Has.Count.EqualTo(expected), $"newcomers of round {rounds}");
        }

        peers.ForEach(peer => peer.Dispose());
        for (int i = 0; i < 2 * round && server.Core.Transport.ConnectionCount > 0; i++)
        {
            _time.Advance(Step);
            server.Core.RunIteration();
        }

        Assert.That(server.Core.Transport.ConnectionCount, Is.Zero, "the ends of their streams are seen");
        Assert.That(longTicks, Is.GreaterThan(10));
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Test]
    public void RunIteration_TicksTakeLongerThanTheirStep_InputGetsItsShare()
    {
        const int Messages = 200;
        NetServer server = NetServer.Create(o =>
        {
            o.TickRate = 50;
            o.TimeProvider = _time;
            o.MinInputShare = 0.5;
            o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
        });
        int handled = 0;
        TimeSpan ticked = TimeSpan.Zero;
        server.On<Say>((session, in say) =>
        {
            handled++;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        });
        server.OnTick(_ =>
        {
            ticked += TimeSpan.FromMilliseconds(30);
            _time.Advance(TimeSpan.FromMilliseconds(30));
        });
        server.Open();
        server.Core.StartTicks();
        byte[] frame = [0, 0, 0, 6, 0x93, 2, 72, 0x91, 0xA1, (byte)'x'];
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            socket.Connect("127.0.0.1", server.Endpoints[0].Port);
            socket.GetStream().Write(Enumerable.Repeat(frame, Messages).SelectMany(bytes => bytes).ToArray());
            while (handled == 0)
            {
                _time.Advance(Step);
                server.Core.RunIteration();
            }

            ticked = TimeSpan.Zero;
            int before = handled;
            while (handled < Messages)
            {
                server.Core.RunIteration();
            }

            // The first turn may be short; the last one ends with the last message.
            Assert.That(ticked.TotalMilliseconds, Is.LessThanOrEqualTo((Messages - before) + (4 * 90)), "milliseconds of ticks beside as many of handlers");
        }

        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [TestCase(0)]
    [TestCase(0.91)]
    [TestCase(double.NaN)]
    public void MinInputShare_OutOfRange_IsNamed(double share) =>
        Assert.That(
            () => NetServer.Create(o => o.MinInputShare = share),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("MinInputShare").And.Message.Contains("0.01 to 0.9"));

    [Test]
    public void RunIteration_TickBecomesDueWhileMessagesAreHandled_RunsBeforeMostAnswersAreSent()
    {
        const int Clients = 20;
        byte[] frame = [0, 0, 0, 6, 0x93, 2, 72, 0x91, 0xA1, (byte)'x'];
        NetServer server = NetServer.Create(o =>
        {
            o.TickRate = 50;
            o.TimeProvider = _time;
            o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
        });
        int handled = 0;
        server.On<Say>((session, in say) =>
        {
            session.Send(say);
            if (++handled == Clients)
            {
                _time.Advance(Step);
            }
        });
        long sentAtTick = -1;
        server.OnTick(_ => sentAtTick = server.Core.Counters.BytesOut);
        server.Open();
        server.Core.StartTicks();
        System.Net.Sockets.TcpClient[] clients =
        [
            .. Enumerable.Range(0, Clients).Select(_ => new System.Net.Sockets.TcpClient("127.0.0.1", server.Endpoints[0].Port))
        ];
        while (server.Core.Transport.ConnectionCount < Clients)
        {
            server.Core.RunIteration();
        }

        foreach (System.Net.Sockets.TcpClient client in clients)
        {
            client.GetStream().Write(frame);
        }

        while (handled < Clients)
        {
            server.Core.RunIteration();
        }

        Assert.That(sentAtTick, Is.InRange(0, (Clients / 2) * frame.Length));
        Assert.That(server.Core.Counters.BytesOut, Is.EqualTo(Clients * frame.Length), "the rest follows behind the tick");
        foreach (System.Net.Sockets.TcpClient client in clients)
        {
            client.Dispose();
        }

        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Advance(TimeSpan time)
    {
        _time.Advance(time);
        // The poller waits in real time; if a tick is due, it only polls.
        _core.RunIteration();
    }
}

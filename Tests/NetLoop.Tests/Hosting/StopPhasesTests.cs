using NetLoop.Tests.Transports;
using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>How a server stops, phase by phase, with a loop, sockets and a clock that the test controls.</summary>
public sealed class StopPhasesTests
{
    private const long Second = 1_000_000_000;
    private const int DrainSeconds = 6;

    private FakeTransport _stack = null!;
    private ManualTimeProvider _time = null!;
    private CollectingLoggerFactory _log = null!;
    private NetServer _server = null!;
    private bool _isRunning;

    private int Connections => _server.Core.Transport.ConnectionCount;

    private long Stopped => _server.Core.Counters.ClosedByReason[(int)CloseReason.ServerStopping];

    [SetUp]
    public void Start()
    {
        _stack = new FakeTransport();
        _time = new ManualTimeProvider();
        _log = new CollectingLoggerFactory();
        _server = NetServer.Create(o =>
        {
            o.TimeProvider = _time;
            o.Stack = _stack;
            o.LoggerFactory = _log;
            o.DrainTimeout = TimeSpan.FromSeconds(DrainSeconds);
            o.ListenTcp("127.0.0.1", 1, listener =>
            {
                listener.Hello = HelloMode.None;
                listener.CloseTimeout = TimeSpan.FromHours(1);
            });
        });
        _server.Open();
        _server.Loop.Begin();
        _isRunning = true;
        Accept(2);
        Iterate();
        Assert.That((Connections, _isRunning), Is.EqualTo((2, true)));
    }

    [TearDown]
    public void EndLoop()
    {
        _server.Loop.Finish(null);
        Assert.That(_server.Completion.IsCompletedSuccessfully, Is.True);
        Assert.That((Connections, _server.Core.Transport.Timers.Count, _server.Core.Pool.Statistics.RentedLeases), Is.EqualTo((0, 0, 0L)));
    }

    [Test]
    public void StopAsync_NothingRuns_SaysGoodbyeAtOnceAndEndsWithTheLastConnection()
    {
        _stack.Sent = [];
        _server.StopAsync();
        Assert.That((_stack.Closed.Count, Stopped), Is.EqualTo((1, 0L)), "the listener");
        Iterate();
        Assert.That((Stopped, Connections, _isRunning), Is.EqualTo((2L, 2, true)));
        SendAll();
        Assert.That(_stack.Shut, Has.Count.EqualTo(2));
        Assert.That((Connections, _isRunning), Is.EqualTo((2, true)), "the peers have not closed yet");
        foreach (Connection connection in _server.Core.Transport.Connections.ToArray())
        {
            _stack.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
            connection.OnReady(Readiness.Readable);
        }

        Iterate();
        Assert.That((Connections, _isRunning, _stack.Reset.Count), Is.EqualTo((0, false, 0)));
        Assert.That(_log.Lines.Count(line => line.Id == 1007), Is.Zero);
        Assert.That(_log.Lines.Single(line => line.Id == 1006).Text, Does.StartWith("Stopping: 2 sessions").And.Contain("6 s"));
    }

    [Test]
    public void StopAsync_HandlerRuns_SaysGoodbyeAtHalfOfTheTimeAndAbortsAtItsEnd()
    {
        _server.Core.Services.HandlerStarted();
        _server.StopAsync();
        Advance((DrainSeconds / 2 * Second) - 1);
        Assert.That((Stopped, _server.Everyone.Count), Is.EqualTo((0L, 2)));
        Advance(1);
        Assert.That((Stopped, Connections, _isRunning), Is.EqualTo((2L, 2, true)));
        Advance((DrainSeconds / 2 * Second) - 1);
        Assert.That((Connections, _isRunning), Is.EqualTo((2, true)));
        Advance(1);
        Assert.That((Connections, _isRunning, _stack.Reset.Count), Is.EqualTo((0, false, 2)));
        Assert.That(_log.Lines.Single(line => line.Id == 1007).Text, Does.Contain("aborting 2 connections"));
        _server.Core.Services.HandlerEnded();
    }

    [Test]
    public void StopAsync_HandlerEnds_SaysGoodbyeThen()
    {
        _server.Core.Services.HandlerStarted();
        _server.Core.Services.HandlerStarted();
        _server.StopAsync();
        Advance(Second);
        _server.Core.Services.HandlerEnded();
        Iterate();
        Assert.That(Stopped, Is.Zero, "one more runs");
        _server.Core.Services.HandlerEnded();
        Iterate();
        Assert.That(Stopped, Is.EqualTo(2));

        // Half of the time is left after the Goodbye.
        Advance((DrainSeconds / 2 * Second) - 1);
        Assert.That((Connections, _isRunning), Is.EqualTo((2, true)));
        Advance(1);
        Assert.That((Connections, _isRunning), Is.EqualTo((0, false)));
    }

    [Test]
    public void StopAsync_Twice_ChangesNothing()
    {
        _server.Core.Services.HandlerStarted();
        _server.StopAsync();
        Advance(2 * Second);
        _server.StopAsync();
        Advance(Second);
        Assert.That(Stopped, Is.EqualTo(2), "the time counts from the first");
        Assert.That(_log.Lines.Count(line => line.Id == 1006), Is.EqualTo(1));
        _server.Core.Services.HandlerEnded();
    }

    [Test]
    public void Abort_AtAnyTime_EndsInOneIteration([Values] bool isStopping)
    {
        _server.Core.Services.HandlerStarted();
        if (isStopping)
        {
            _server.StopAsync();
            Iterate();
        }

        _server.Abort();
        Assert.That((Stopped, _stack.Closed.Count), Is.EqualTo((2L, 1)), "the listener");
        Iterate();
        Assert.That((Connections, _isRunning, _stack.Reset.Count), Is.EqualTo((0, false, 2)));
        _server.Core.Services.HandlerEnded();
    }

    [Test]
    public void BeginStop_AgainWithLessTime_EndsEarlierAndNeverLater()
    {
        _server.Loop.Stop.Close(TimeSpan.FromSeconds(10), CloseReason.Normal, "");
        Assert.That(_server.Core.Transport.Timers.Count, Is.EqualTo(1 + 2), "one of the loop, and one of each connection that says goodbye");
        Advance(Second);
        _server.Loop.Stop.Close(TimeSpan.FromSeconds(2), CloseReason.Normal, "");
        _server.Loop.Stop.Close(TimeSpan.FromSeconds(20), CloseReason.Normal, "");
        Assert.That(_server.Core.Transport.Timers.Count, Is.EqualTo(1 + 2));
        Advance((2 * Second) - 1);
        Assert.That((Connections, _isRunning), Is.EqualTo((2, true)));
        Advance(1);
        Assert.That((Connections, _isRunning), Is.EqualTo((0, false)));
    }

    [Test]
    public void Post_ActionsThrow_AreCountedAndSaidOnceIn5Seconds()
    {
        int ran = 0;
        for (int i = 0; i < 3; i++)
        {
            PostElsewhere(() =>
            {
                ran++;
                throw new InvalidOperationException("thrown by a test");
            });
        }

        Iterate();
        Assert.That((ran, _server.Core.Counters.HandlerFaults, Lines().Count), Is.EqualTo((3, 3L, 1)));
        Advance(5 * Second);
        PostElsewhere(() => throw new InvalidOperationException("thrown by a test"));
        Iterate();
        Assert.That(Lines(), Has.Count.EqualTo(2));
        Assert.That(Lines()[1], Does.EndWith("(2 similar messages suppressed)"));
        PostElsewhere(() => throw new InvariantViolationException("thrown by a test"));
        Assert.That(_server.Loop.Iterate, Throws.TypeOf<InvariantViolationException>());
    }

    private List<string> Lines() => [.. _log.Lines.Where(line => line.Id == 1011).Select(line => line.Text)];

    private void PostElsewhere(Action action)
    {
        var thread = new Thread(() => _server.Loop.Post(action));
        thread.Start();
        thread.Join();
    }

    private void Accept(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _stack.Accepts.Enqueue(SocketStatus.Ok);
        }

        _server.Core.Transport.AcceptPending();
    }

    private void SendAll()
    {
        foreach (Connection connection in _server.Core.Transport.Connections)
        {
            _stack.Sends.Enqueue(int.MaxValue);
            connection.OnReady(Readiness.Writable);
        }

        Iterate();
        _stack.Sends.Clear();
    }

    private void Iterate() => _isRunning = _server.Loop.Iterate();

    /// <summary>Advances the time in steps that do not count as stalls of the loop.</summary>
    private void Advance(long nanoseconds)
    {
        for (long left = nanoseconds; left > 0; left -= Second)
        {
            _time.Advance(Math.Min(left, Second));
            Iterate();
        }
    }
}

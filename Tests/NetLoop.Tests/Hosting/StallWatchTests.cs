using NUnit.Framework;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;
using NetLoop.Tests.Sessions;

namespace NetLoop.Tests.Hosting;

/// <summary>Code that blocks the loop or the handler thread for seconds is named in the log.</summary>
public sealed class StallWatchTests : ServerFixture
{
    private const int Handler = 1014;
    private const int OwnRequest = 1015;
    private const int Loop = 1016;

    private StallWatch _watch = null!;

    [TearDown]
    public void EndWatch() => _watch?.Dispose();

    [Test]
    public void Look_HandlerStaysForFourLooks_IsNamedOnceAndAgainAfterTwiceTheTime()
    {
        int[] lines = new int[9];
        StartWithWatch(server => server.On<Say>((_, in _) =>
        {
            for (int i = 0; i < lines.Length; i++)
            {
                _watch.Look();
                lines[i] = Log.CountOf(Handler);
            }
        }));
        Say();
        Assert.That(lines, Is.EqualTo(new[] { 0, 0, 0, 0, 1, 1, 1, 1, 2 }));
        Assert.That(Log.Lines.First(line => line.Id == Handler).Text, Does.StartWith("The handler of Say has not returned for 4.0 s"));
    }

    [Test]
    public void Look_SlowTick_IsNamed()
    {
        var done = new TaskCompletionSource();
        StartWithWatch(server => server.OnTick(tick =>
        {
            if (tick.Number == 5)
            {
                LookFiveTimes();
                done.SetResult();
            }
        }), tickRate: 100);
        Assert.That(done.Task.Wait(TestHost.Patience), Is.True);
        Assert.That(Log.Lines.Single(line => line.Id == Handler).Text, Does.Contain("OnTick"));
    }

    [Test]
    public void Look_HandlersOneAfterTheOther_AreNotBlamed()
    {
        StartWithWatch(server => server.On<Say>((_, in _) => _watch.Look()));
        for (int i = 0; i < 10; i++)
        {
            Say();
        }

        Assert.That(Log.CountOf(Handler), Is.Zero);
    }

    [Test]
    public void Look_EnvelopesOfOneHandlerInOneBatch_AreNotBlamed()
    {
        using var core = new LoopCore(new EventLoopOptions { LoggerFactory = Log, TimeProvider = Time });
        core.BindToThread();
        _watch = new StallWatch(core, TimeSpan.FromSeconds(4), isTimed: false);
        for (int i = 0; i < 10; i++)
        {
            core.Inbox.Add(new LookingEnvelope(_watch.Look));
        }

        core.RunIteration();
        Assert.That(core.Inbox.Depth, Is.Zero);
        Assert.That(Log.CountOf(Handler), Is.Zero);
    }

    [Test]
    public void Look_LoggerStillWrites_NoSecondLookBegins()
    {
        using var core = new LoopCore(new EventLoopOptions { LoggerFactory = Log, TimeProvider = Time });
        core.BindToThread();
        _watch = new StallWatch(core, TimeSpan.FromSeconds(4), isTimed: false);
        Log.OnLine = LookFiveTimes;
        List<int> lines = [];
        core.Inbox.Add(new LookingEnvelope(() =>
        {
            for (int i = 0; i < 9; i++)
            {
                _watch.Look();
                lines.Add(Log.CountOf(Handler));
            }
        }));
        core.RunIteration();
        Assert.That(lines, Is.EqualTo(new[] { 0, 0, 0, 0, 1, 1, 1, 1, 2 }).AsCollection);
    }

    [Test]
    public void Look_LoopWaits_NobodyIsBlamed()
    {
        StartWithWatch(_ => { });
        for (int i = 0; i < 20; i++)
        {
            _watch.Look();
        }

        Assert.That(Log.Lines.Where(line => line.Id is Handler or Loop), Is.Empty);
    }

    [Test]
    public void Look_PostedActionBlocks_TheLoopIsReported()
    {
        StartWithWatch(_ => { });
        OnLoop(() =>
        {
            LookFiveTimes();
            return 0;
        });
        Assert.That(Log.CountOf(Loop), Is.EqualTo(1));
    }

    [TestCase(HandlerMode.Loop)]
    [TestCase(HandlerMode.Dedicated)]
    public async Task RequestAsync_HandlerBlocksOnItsOwnRequest_IsNamed(HandlerMode handlers)
    {
        using var release = new CancellationTokenSource();
        Start(
            configure: o =>
            {
                o.HandlerMode = handlers;
                o.StallWarning = TimeSpan.FromMilliseconds(100);
            },
            handlers: server => server.On<Say>((session, in _) =>
            {
                try
                {
#pragma warning disable NL0011 // The mistake that the watch must report.
                    session.RequestAsync(new Divide(1, 2)).Wait(release.Token);
#pragma warning restore NL0011
                }
                catch (OperationCanceledException)
                {
                    // Nothing else can end this wait.
                }
            }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Message, 72, Wire.Array("x")));
        using var patience = new CancellationTokenSource(TestHost.Patience);
        while (Log.CountOf(OwnRequest) == 0)
        {
            await Task.Delay(10, patience.Token);
        }

        await release.CancelAsync();
        Assert.That(
            Log.Lines.First(line => line.Id == OwnRequest).Text, Does.Contain("The handler of Say has blocked").And.Contain("response to its own Divide"));
        client.Sync();
    }

    private void StartWithWatch(Action<NetServer> handlers, int tickRate = 0)
    {
        Start(
            configure: o =>
            {
                o.TickRate = tickRate;
                o.StallWarning = TimeSpan.Zero;
            },
            handlers: server =>
            {
                _watch = new StallWatch(server.Core, TimeSpan.FromSeconds(4), isTimed: false);
                handlers(server);
            });
    }

    private void Say()
    {
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Message, 72, Wire.Array("x")));
        client.Sync();
    }

    private sealed class LookingEnvelope(Action look) : Envelope
    {
        public override string HandlerName => "Say";

        public override void Deliver() => look();

        public override void Discard()
        {
        }
    }

    private void LookFiveTimes()
    {
        for (int i = 0; i < 5; i++)
        {
            _watch.Look();
        }
    }
}

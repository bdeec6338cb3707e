using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Arena;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ArenaModuleTests
{
    /// <summary>More snapshots than the buffers of the kernel and a send queue together have room for.</summary>
    private const int Steps = 20_000;

    private readonly ArenaModule _arena = new(tickRate: 60, seed: 1);
    private readonly BotTotals _totals = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HandlerTable _handlers = new();

    [Test]
    public async Task Step_ClientOnAStreamReadsNothing_SkipsSnapshotsAndKeepsTheSession()
    {
        await using NetServer server = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0, listener => listener.SendBufferBytes = 4096));
        server.Use(_arena).Start();
        Play();
        await using EventLoop loop = EventLoop.Start();
        await using NetClient client = await TestHost.ConnectAsync(server, o =>
        {
            o.Loop = loop;
            o.Handlers = _handlers;
            o.ReceiveBufferBytes = 4096;
        });
        await _entered.Task.WaitAsync(TestHost.Patience);
        using (var pause = new ManualResetEventSlim())
        {
            loop.Post(() => pause.Wait(TestHost.Patience));
            await StepAsync(server, Steps);
            pause.Set();
        }

        await _caughtUp.Task.WaitAsync(TestHost.Patience);

        Assert.That(_totals.FirstFault, Is.Null);
        Assert.That((_totals.Wrong, _totals.Missing), Is.EqualTo((0, 0)));
        Assert.That(_totals.Skipped, Is.InRange(1, Steps - 1));
        Assert.That(_totals.Received, Is.EqualTo(1 + Steps - _totals.Skipped), "every snapshot arrived or was skipped");
        Assert.That(client.Session.Status, Is.EqualTo(SessionStatus.Open));
    }

    private void Play()
    {
        Bot bot = null!;
        _handlers.OnOpened(session =>
        {
            bot = new Bot(session, _totals, seed: 1, rate: 1);
            session.Send(new Join());
        });
        _handlers.On<Entered>((_, in entered) =>
        {
            bot.Enter(entered);
            _entered.SetResult();
        });
        _handlers.On<Nearby>((_, in snapshot) =>
        {
            bot.See(snapshot);
            if (snapshot.Tick == Steps)
            {
                _caughtUp.SetResult();
            }
        });
    }

    private async Task StepAsync(NetServer server, int steps)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (int i = 1; i <= steps; i++)
        {
            bool isLast = i == steps;
            server.Post(() =>
            {
                _arena.Step();
                if (isLast)
                {
                    done.SetResult();
                }
            });
        }

        await done.Task.WaitAsync(TestHost.Patience);
    }
}

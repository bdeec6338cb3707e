using System.Collections.Concurrent;
using NetLoop.Demo.Bots;
using NetLoop.Demo.CommandLine;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Bots;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BotFleetTests
{
    // All bots but the first wait here while they connect, until the test lets them continue.
    private readonly TaskCompletionSource<AuthenticationResult> _door = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Session> _sessions = new();
    private int _arrived;
    private NetServer _server = null!;

    [SetUp]
    public void Start()
    {
        _server = TestHost.CreateServer(o =>
        {
            o.ListenTcp("127.0.0.1", 0);
            o.Authenticate = async (_, _) => Interlocked.Increment(ref _arrived) == 1 ? AuthenticationResult.Accept() : await _door.Task;
        });
        _server.OnOpened(_sessions.Enqueue);
        _server.Start();
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase(20)]
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(200)]
    [TestCase(100, 5)]
    [TestCase(5, 60)]
    [TestCase(0, 200, 1, 30)]
    [TestCase(2000, 20)]
    public async Task Resize_WhileBotsAreOnTheirWay_SettlesAtWhatIsWanted(params int[] wanted)
    {
        await using var fleet = new BotFleet(new BotSettings(_server.Endpoints[0], Count: 150, Rate: 10, Seed: 1));
        await fleet.ConnectAsync(_server.Endpoints[0], CancellationToken.None).WaitAsync(TestHost.Patience);
        foreach (int count in wanted)
        {
            fleet.Resize(count);
        }

        _door.SetResult(AuthenticationResult.Accept());

        await SettleAsync(fleet, wanted[^1]);
    }

    [Test]
    public async Task Resize_AtEveryStageOfADial_SettlesAtWhatIsWanted()
    {
        await using var fleet = new BotFleet(new BotSettings(_server.Endpoints[0], Count: 40, Rate: 10, Seed: 1));
        fleet.Resize(60); // Before the first one connects.
        await fleet.ConnectAsync(_server.Endpoints[0], CancellationToken.None).WaitAsync(TestHost.Patience);
        fleet.Resize(10);
        _door.SetResult(AuthenticationResult.Accept());
        await SettleAsync(fleet, 10);
        foreach (int count in (int[])[100, 30, 0, 50, 2])
        {
            fleet.Resize(count);
            await SettleAsync(fleet, count);
            fleet.Resize(count + 70);
            fleet.Resize(count);
            await SettleAsync(fleet, count);
        }

        Assert.That(fleet.Totals.Disconnected, Is.Zero, fleet.Totals.FirstFault);
    }

    [Test]
    public async Task Resize_AfterBotsWereLost_ConnectsOthersInTheirPlace()
    {
        _door.SetResult(AuthenticationResult.Accept());
        await using var fleet = new BotFleet(new BotSettings(_server.Endpoints[0], Count: 10, Rate: 10, Seed: 1));
        await fleet.ConnectAsync(_server.Endpoints[0], CancellationToken.None).WaitAsync(TestHost.Patience);
        await SettleAsync(fleet, 10);
        foreach (Session session in _sessions.Take(4))
        {
            session.Close(CloseReason.Kicked);
        }

        await WaitUntilAsync(() => fleet.Alive == 6);

        fleet.Resize(8);

        await SettleAsync(fleet, 8);
        Assert.That(fleet.Totals.Disconnected, Is.EqualTo(4));
    }

    [Test]
    public async Task ConnectAsync_EndedFirst_FailsAndCountsIt()
    {
        Interlocked.Increment(ref _arrived);
        await using var fleet = new BotFleet(new BotSettings(_server.Endpoints[0], Count: 3, Rate: 10, Seed: 1));
        using var end = new CancellationTokenSource();
        Task connecting = fleet.ConnectAsync(_server.Endpoints[0], end.Token);
        await WaitUntilAsync(() => Volatile.Read(ref _arrived) == 2);

        await end.CancelAsync();

        Assert.That(
            async () => await connecting.WaitAsync(TestHost.Patience), Throws.TypeOf<FailureException>().With.Message.Contains("before a bot was connected"));
        BotsSummary summary = new BotMeter(fleet).Summarize();
        Assert.That(summary.IsClean, Is.False);
        Assert.That(summary.FirstFault, Does.Contain("before a bot was connected"));
    }

    private async Task SettleAsync(BotFleet fleet, int count)
    {
        await WaitUntilAsync(() => fleet is { Pending: 0 } && fleet.Alive == count && _server.Everyone.Count == count);
        Assert.That(fleet.Wanted, Is.EqualTo(count));
    }

    private static async Task WaitUntilAsync(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(TestHost.Patience);
        using var step = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!isSo())
        {
            await step.WaitForNextTickAsync(deadline.Token);
        }
    }
}

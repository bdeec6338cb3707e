using NetLoop.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Whatever the application throws, and wherever it runs, the loop continues.</summary>
[TestFixture(HandlerMode.Loop)]
[TestFixture(HandlerMode.Dedicated)]
public sealed class ApplicationFaultTests(HandlerMode handlers)
{
    [Test]
    public async Task Post_ActionThrows_LoopGoesOn()
    {
        NetServer server = CreateServer();
        server.Start();
        server.Post(() => throw new InvalidOperationException("thrown by a test"));
        var later = new TaskCompletionSource();
        server.Post(later.SetResult);
        await later.Task.WaitAsync(TestHost.Patience);
        Assert.That(server.GetStatistics().HandlerFaults, Is.EqualTo(1));
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task OnOpened_AsyncVoidThrowsAfterItsAwait_LoopGoesOn()
    {
        NetServer server = CreateServer();
        server.OnOpened(async session =>
        {
            await Task.Yield();
            throw new InvalidOperationException("thrown by a test");
        });
        server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By));
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(server);
        Assert.That(SpinWait.SpinUntil(() => server.GetStatistics().HandlerFaults == 1, TestHost.Patience), Is.True);
        Quotient quotient = await client.RequestAsync(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(2));
        await client.DisposeAsync();
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public void OnTick_BrokenInvariant_EndsTheLoop()
    {
        // A violated invariant in a tick is a bug of the engine, and must not be handled as a fault of the application.
        NetServer server = CreateServer();
        server.OnTick(_ => Invariant.Fail("broken by a test"));
        server.Start();
        Assert.That(
            () => server.Completion.WaitAsync(TestHost.Patience), Throws.TypeOf<InvariantViolationException>().With.Message.Contains("broken by a test"));
    }

    private NetServer CreateServer() => TestHost.CreateServer(o =>
    {
        o.HandlerMode = handlers;
        o.ListenTcp("127.0.0.1", 0);
    });
}

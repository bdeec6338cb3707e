using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

[TestFixture(HandlerMode.Loop)]
[TestFixture(HandlerMode.Dedicated)]
public sealed class NetServerStoppingTests(HandlerMode handlers)
{
    [Test]
    public async Task StopAsync_EverythingAcceptedForSending_ArrivesBeforeGoodbye()
    {
        const int Count = 300;
        NetServer server = CreateServer();
        var ready = new TaskCompletionSource<Session>();
        server.OnOpened(ready.SetResult);
        server.Start();
        var received = new List<uint>();
        await using NetClient client = await TestHost.ConnectAsync(server, o =>
            o.Handlers = new HandlerTable().On<PlayerMove>((session, in move) => received.Add(move.Sequence)));
        Session session = await ready.Task.WaitAsync(TestHost.Patience);
        for (uint i = 0; i < Count; i++)
        {
            Assert.That(session.Send(new PlayerMove(i, 0, 0, 0, 0, 0)), Is.EqualTo(SendStatus.Sent));
        }

        await TestHost.StopAndCheckAsync(server);
        CloseInfo info = await client.Closed.WaitAsync(TestHost.Patience);
        await client.DisposeAsync();
        Assert.That(info.Reason, Is.EqualTo(CloseReason.ServerStopping));
        Assert.That(info.ByPeer, Is.True);
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, Count)));
    }

    [Test]
    public async Task StopAsync_RequestBeingHandled_IsAnsweredFirst()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        NetServer server = CreateServer();
        server.OnRequest<Divide, Quotient>(async (session, divide) =>
        {
            started.SetResult();
            await release.Task;
            return new Quotient(divide.Value / divide.By);
        });
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(server);
        Task<Quotient> answer = client.RequestAsync(new Divide(6, 3));
        await started.Task.WaitAsync(TestHost.Patience);
        Task stopped = TestHost.StopAndCheckAsync(server);
        release.SetResult();

        Assert.That((await answer.WaitAsync(TestHost.Patience)).Value, Is.EqualTo(2));
        await stopped;
    }

    [Test]
    public async Task StopAsync_RequestReadAfterItBegan_IsNotHandledAndTheClientIsTold()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        int handled = 0;
        NetServer server = CreateServer();
        server.OnRequest<Divide, Quotient>(async (session, divide) =>
        {
            handled++;
            started.TrySetResult();
            await release.Task;
            return new Quotient(divide.Value / divide.By);
        });
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(server);
        Task<Quotient> first = client.RequestAsync(new Divide(6, 3));
        await started.Task.WaitAsync(TestHost.Patience);
        long readBefore = server.Core.Counters.BodiesIn;
        Task stopped = TestHost.StopAndCheckAsync(server);
        Assert.That(SpinWait.SpinUntil(() => server.Loops[0].IsStopping, TestHost.Patience), Is.True);
        Task<Quotient> second = client.RequestAsync(new Divide(6, 3));
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref server.Core.Counters.BodiesIn) > readBefore, TestHost.Patience), Is.True);
        release.SetResult();

        Assert.That((await first.WaitAsync(TestHost.Patience)).Value, Is.EqualTo(2));
        RequestException? error = Assert.ThrowsAsync<RequestException>(() => second.WaitAsync(TestHost.Patience));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.ServerStopping));
        await stopped;
        Assert.That(handled, Is.EqualTo(1));
    }

    [Test]
    public async Task StopAsync_HandlerAwaitsItsClient_HearsTheResponseAndAnswers()
    {
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        NetServer server = CreateServer();
        server.OnRequest<Divide, Quotient>(async (session, divide) => await session.RequestAsync<Divide, Quotient>(divide));
        server.Start();
        await using NetClient client =
            await TestHost.ConnectAsync(server, o => o.Handlers = new HandlerTable().OnRequest<Divide, Quotient>(async (Session session, Divide divide) =>
        {
            asked.SetResult();
            await release.Task;
            return new Quotient(divide.Value / divide.By);
        }));
        Task<Quotient> answer = client.RequestAsync(new Divide(6, 3));
        await asked.Task.WaitAsync(TestHost.Patience);
        Task stopped = TestHost.StopAndCheckAsync(server);
        Assert.That(SpinWait.SpinUntil(() => server.Loops[0].IsStopping, TestHost.Patience), Is.True);
        release.SetResult();
        Assert.That((await answer.WaitAsync(TestHost.Patience)).Value, Is.EqualTo(2));
        await stopped;
    }

    [Test]
    public async Task StopAsync_HandlerOutlivesTheDrainTimeout_IsCountedAsLost()
    {
        var started = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        NetServer server = TestHost.CreateServer(o =>
        {
            o.HandlerMode = handlers;
            o.DrainTimeout = TimeSpan.FromMilliseconds(100);
            o.ListenTcp("127.0.0.1", 0);
        });
        server.OnRequest<Divide, Quotient>(async (session, divide) =>
        {
            started.SetResult();
            await never.Task;
            return new Quotient(0);
        });
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(server);
        Task<Quotient> answer = client.RequestAsync(new Divide(6, 3));
        await started.Task.WaitAsync(TestHost.Patience);
        await server.StopAsync().WaitAsync(TestHost.Patience);
        Assert.ThrowsAsync<RequestException>(() => answer.WaitAsync(TestHost.Patience));
        Assert.That(server.GetStatistics().ResponsesLost, Is.EqualTo(1));
        never.SetResult();
    }

    [Test]
    public async Task RunAsync_TokenCancelledBefore_StartsAndStops([Values] bool isAbort)
    {
        NetServer server = CreateServer();
        var cancelled = new CancellationToken(canceled: true);
        await server.RunAsync(isAbort ? default : cancelled, isAbort ? cancelled : default).WaitAsync(TestHost.Patience);
        Assert.That(server.Completion.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task StopAsync_WhileStopping_RefusesNewClients()
    {
        NetServer server = CreateServer();
        server.Start();
        NetEndpoint endpoint = server.Endpoints[0];
        await TestHost.StopAndCheckAsync(server);
        NetConnectException? exception = Assert.ThrowsAsync<NetConnectException>(() => NetClient.ConnectAsync(endpoint));
        Assert.That(exception!.Message, Does.Contain("nobody listens"));
    }

    [Test]
    public async Task Abort_SessionsOpen_EndsAtOnce()
    {
        NetServer server = CreateServer();
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(server);
        server.Abort();
        await TestHost.StopAndCheckAsync(server);
        await client.Closed.WaitAsync(TestHost.Patience);
    }

    [Test]
    public async Task DisposeAsync_NeverStarted_Ends()
    {
        NetServer server = CreateServer();
        await server.DisposeAsync();
        Assert.That(server.Completion.IsCompletedSuccessfully, Is.True);
        Assert.That(server.Start, Throws.InvalidOperationException);
    }

    [Test]
    public async Task Start_PortTaken_SaysWhoHoldsIt()
    {
        NetServer first = CreateServer();
        first.Start();
        await using NetServer second = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", first.Endpoints[0].Port));
        NetListenException? exception = Assert.Throws<NetListenException>(second.Start);
        Assert.That(exception!.Status, Is.EqualTo(SocketStatus.AddressInUse));
        if (OperatingSystem.IsLinux())
        {
            Assert.That(exception.Message, Does.Contain($"is held by process {Environment.ProcessId}"));
        }

        await TestHost.StopAndCheckAsync(first);
    }

    private NetServer CreateServer() => TestHost.CreateServer(o =>
    {
        o.HandlerMode = handlers;
        o.ListenTcp("127.0.0.1", 0);
    });
}

using System.Net.Sockets;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>A loop that ends completes everything that still waits for it.</summary>
[TestFixture(HandlerMode.Loop)]
[TestFixture(HandlerMode.Dedicated)]
public sealed class LoopEndTests(HandlerMode handlers)
{
    /// <summary>Limit of the requests, because each takes memory until all have ended. A loop normally ends before that.</summary>
    private const int MostRequests = 20_000;

    [Test]
    public async Task DisposeAsync_RequestsFromAnotherThread_AllEnd()
    {
        NetServer server = CreateServer();
        server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By));
        server.Start();
        for (int round = 0; round < 3; round++)
        {
            EventLoop loop = StartLoop();
            NetClient client = await TestHost.ConnectAsync(server, o => o.Loop = loop);
            var asking = Task.Factory.StartNew(
                () =>
                {
                    var answers = new List<Task<Quotient>>();
                    while (!loop.Completion.IsCompleted && answers.Count < MostRequests)
                    {
                        answers.Add(client.RequestAsync(new Divide(6, 3)));
                    }

                    return answers;
                },
                TaskCreationOptions.LongRunning);
            client.Session.Close();
            await loop.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
            List<Task<Quotient>> answers = await asking.WaitAsync(TestHost.Patience);

            // Rejection and cancellation also end a wait. Throwing an exception for each would take too long.
            await ((Task)Task.WhenAll(answers)).WaitAsync(TestHost.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.That(answers.TrueForAll(static answer => answer.IsCompletedSuccessfully || answer.Exception?.InnerException is RequestException), Is.True);
        }

        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task ConnectAsync_WhileTheLoopEnds_Ends()
    {
        NetServer server = CreateServer();
        server.Start();
        for (int round = 0; round < 20; round++)
        {
            EventLoop loop = StartLoop();
            Task<NetClient> connecting = TestHost.ConnectAsync(server, o => o.Loop = loop);
            _ = connecting.ContinueWith(
                static connected => connected.Result.Session.Close(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            await loop.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
            try
            {
                await connecting;
            }
            catch (Exception exception) when (exception is NetConnectException or InvalidOperationException)
            {
                // Too late; the caller gets an error.
            }

            Assert.That(loop.GetStatistics().Connections, Is.Zero);
        }

        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task DisposeAsync_LastEnvelopeStillBeingHandled_DoesNotWaitForTheDeadline()
    {
        NetServer server = CreateServer();
        server.Start();
        var handling = new TaskCompletionSource();
        using var release = new ManualResetEventSlim();
        EventLoop loop = StartLoop(new ManualTimeProvider()); // The manual clock stands still: a wait for the deadline would never end.
        NetClient client = await TestHost.ConnectAsync(server, o =>
        {
            o.Loop = loop;
            o.Handlers = new HandlerTable().OnClosed((session, info) =>
            {
                handling.SetResult();
                release.Wait(handlers == HandlerMode.Dedicated ? TestHost.Patience : TimeSpan.Zero);
            });
        });
        client.Session.Close();
        await handling.Task.WaitAsync(TestHost.Patience);
        Task ending = loop.DisposeAsync().AsTask();
        Assert.That(SpinWait.SpinUntil(() => loop.GetStatistics().Connections == 0, TestHost.Patience), Is.True);
        release.Set();
        await ending.WaitAsync(TestHost.Patience);
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task DisposeAsync_BeforeTheDeadlineOfTheStop_LeavesNoTimer()
    {
        NetServer server = CreateServer();
        server.Start();
        EventLoop loop = StartLoop();
        await TestHost.ConnectAsync(server, o => o.Loop = loop);
        await loop.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
        Assert.That(loop.Core.Transport.Timers.Count, Is.Zero, "of the loop");
        await server.StopAsync().WaitAsync(TestHost.Patience);
        Assert.That(server.Core.Transport.Timers.Count, Is.Zero, "of the server");
    }

    [Test]
    [Platform("Linux")]
    public async Task DisposeAsync_ClientWaitsForAFullUnixListener_IsTold()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await first.ConnectAsync(new UnixDomainSocketEndPoint(path));

        EventLoop loop = StartLoop();
        Task<NetClient> connecting = NetClient.ConnectAsync(NetEndpoint.Unix(path), o =>
        {
            o.Loop = loop;
            o.HandshakeTimeout = TimeSpan.FromHours(1);
        });
        var dialed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(dialed.SetResult); // After the connection attempt, which the full listener refuses.
        await dialed.Task.WaitAsync(TestHost.Patience);
        Assert.That(connecting.IsCompleted, Is.False);
        await loop.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
        Assert.That(async () => await connecting.WaitAsync(TestHost.Patience), Throws.TypeOf<NetConnectException>());
        File.Delete(path);
    }

    private EventLoop StartLoop(TimeProvider? time = null) => EventLoop.Start(o =>
    {
        o.TimeProvider = time ?? TimeProvider.System;
        o.HandlerMode = handlers;
        o.BufferDiagnostics = true;
    });

    private static NetServer CreateServer() => TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
}

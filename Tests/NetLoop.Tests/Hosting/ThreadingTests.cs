using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Which code runs on which thread.</summary>
public sealed class ThreadingTests
{
    [Test]
    public async Task Post_RightAfterStart_RunsOnTheLoopThread()
    {
        NetServer server = TestHost.CreateServer(o =>
        {
            o.ThreadName = "loop under test";
            o.ListenTcp("127.0.0.1", 0);
        });
        server.Start();
        var name = new TaskCompletionSource<string?>();
        server.Post(() => name.SetResult(Thread.CurrentThread.Name));
        Assert.That(await name.Task.WaitAsync(TestHost.Patience), Is.EqualTo("loop under test"));
        await TestHost.StopAndCheckAsync(server);
    }

    [TestCase(HandlerMode.Loop)]
    [TestCase(HandlerMode.Dedicated)]
    public async Task Authenticate_AnswersLater_SessionOpensOnTheLoop(HandlerMode handlers)
    {
        var decision = new TaskCompletionSource<AuthenticationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource();
        var entropy = new ThreadRecorder();
        NetServer server = TestHost.CreateServer(o =>
        {
            o.ThreadName = "loop under test";
            o.HandlerMode = handlers;
            o.Entropy = entropy;
            o.Authenticate = async (request, cancellation) =>
            {
                asked.SetResult();
                return await decision.Task;
            };
            o.ListenTcp("127.0.0.1", 0);
        });
        server.Start();
        Task<NetClient> connecting = TestHost.ConnectAsync(server);
        await asked.Task.WaitAsync(TestHost.Patience);
        decision.SetResult(AuthenticationResult.Accept("identity"));
        await using NetClient client = await connecting;
        Assert.That(entropy.ThreadName, Is.EqualTo("loop under test"));
        await client.DisposeAsync();
        await TestHost.StopAndCheckAsync(server);
    }

    /// <summary>Records which thread created the session's token, the last step before it opens.</summary>
    private sealed class ThreadRecorder : IEntropySource
    {
        public string? ThreadName { get; private set; }

        public void Fill(Span<byte> destination) => ThreadName = Thread.CurrentThread.Name;
    }
}

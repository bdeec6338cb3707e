namespace NetLoop.Tests.Hosting;

/// <summary>Which thread runs what.</summary>
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
}

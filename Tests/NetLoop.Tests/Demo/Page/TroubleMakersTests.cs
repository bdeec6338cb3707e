using System.Net.Sockets;
using NetLoop.Demo.Page;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
public sealed class TroubleMakersTests
{
    [Test]
    public async Task Resize_UpAndDown_AsManyWorkAsAreWanted()
    {
        int working = 0;
        await using var makers = new TroubleMakers(
            async end =>
            {
                Interlocked.Increment(ref working);
                try
                {
                    await Task.Delay(Timeout.Infinite, end);
                }
                finally
                {
                    Interlocked.Decrement(ref working);
                }
            },
            Timeout.InfiniteTimeSpan);
        foreach (int count in (int[])[50, 3, 20, 0, 7])
        {
            makers.Resize(50);
            makers.Resize(count);
            await WaitUntilAsync(() => Volatile.Read(ref working) == count);
        }
    }

    [Test]
    public async Task DisposeAsync_WhileOneWaitsToComeBack_DoesNotWaitWithIt()
    {
        var thrownOut = new SemaphoreSlim(0);
        var makers = new TroubleMakers(
            _ =>
            {
                thrownOut.Release();
                throw new SocketException((int)SocketError.ConnectionRefused);
            },
            Timeout.InfiniteTimeSpan);
        makers.Resize(1);
        Assert.That(await thrownOut.WaitAsync(TestHost.Patience), Is.True);

        await makers.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
        thrownOut.Dispose();
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

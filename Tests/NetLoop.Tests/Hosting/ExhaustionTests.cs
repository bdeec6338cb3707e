using NetLoop.Buffers;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>The buffer pool is exhausted.</summary>
public sealed class ExhaustionTests
{
    [TestCase(5)]
    [TestCase(50_000)]
    public async Task Send_PoolExhaustedByOthersThanSenders_EndsThatSessionOnly(int characters)
    {
        NetServer server = TestHost.CreateServer(o =>
        {
            o.MaxBufferBytes = 1024 * 1024;
            o.ListenTcp("127.0.0.1", 0);
        });
        var status = new TaskCompletionSource<SendStatus>();
        var closed = new TaskCompletionSource<CloseInfo>();
        server.OnClosed((session, info) => closed.TrySetResult(info));
        var answer = new Say(new string('x', characters));
        server.On<Say>((session, in say) =>
        {
            // A large response gets its first block, and then no larger one.
            if (characters > 100)
            {
                session.Send(new Say("first"));
            }

            // No send queue holds this memory, so no connection can be evicted for it.
            var hoard = new List<Lease>();
            foreach (int bytes in new[] { 256 * 1024, 64 * 1024, 16 * 1024, 4 * 1024, 1024, 256 })
            {
                while (server.Core.Pool.TryRent(bytes, nameof(ExhaustionTests), out Lease lease))
                {
                    hoard.Add(lease);
                }
            }

            status.TrySetResult(session.Send(answer));
            hoard.ForEach(lease => lease.Return());
        });
        server.Start();
        await using (NetClient client = await TestHost.ConnectAsync(server))
        {
            client.Send(new Say("hello"));
            Assert.That(await status.Task.WaitAsync(TestHost.Patience), Is.EqualTo(SendStatus.Overflow));
            Assert.That((await closed.Task.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.SlowConsumer));
        }

        await TestHost.StopAndCheckAsync(server);
    }
}

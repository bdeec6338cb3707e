using NetLoop.Tests.Contracts;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture(PollerKind.Epoll)]
[TestFixture(PollerKind.Poll)]
public sealed class AllocationTests(PollerKind kind) : StackFixture
{
    protected override PollerKind Kind => kind;

    protected override INetworkStack CreateStack() => PlatformStacks.Create(kind);

    [Test]
    public void SendWaitReceive_TenThousandTimes_AllocatesNothing()
    {
        (SocketHandle client, SocketHandle server) = ConnectPair();
        Add(server, Interest.Readable, new Token(1, 1));
        byte[] buffer = GC.AllocateArray<byte>(64, pinned: true);
        ReadyEvent[] events = new ReadyEvent[4];

        // The runtime allocates a few bytes once when it replaces code with optimized code; an allocation of the engine would occur in every batch.
        long least = long.MaxValue;
        for (int batch = 0; batch < 4; batch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int received = RunRounds(client, server, buffer, events, rounds: 10_000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.That(received, Is.EqualTo(10_000 * 2 * buffer.Length));
        }

        Assert.That(least, Is.Zero);
    }

    private int RunRounds(SocketHandle client, SocketHandle server, byte[] buffer, ReadyEvent[] events, int rounds)
    {
        int received = 0;
        ReadOnlySpan<SendSegment> one = [new SendSegment(buffer)];
        ReadOnlySpan<SendSegment> two = [new SendSegment(buffer.AsSpan(0, 32)), new SendSegment(buffer.AsSpan(32))];
        for (int round = 0; round < rounds; round++)
        {
            Stack.Send(client, one);
            Stack.Send(client, two);
            for (int wanted = received + (2 * buffer.Length); received < wanted;)
            {
                Poller.Wait(events, -1);
                received += Stack.Receive(server, buffer).Count;
            }

            Poller.Wake();
            Poller.Wait(events, 0);
            Poller.Wake();
            Poller.WaitUntil(events, now: 0, deadline: 1_000_000_000 + (round / 4));
            Poller.Modify(server, Interest.Readable, new Token(1, 1));
        }

        return received;
    }
}

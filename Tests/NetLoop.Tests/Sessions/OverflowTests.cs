using NetLoop.Buffers;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>After an overflow, a peer that does not read receives a prefix of its messages and then the end; and memory is limited.</summary>
public sealed class OverflowTests : ServerFixture
{
    private const int SmallBuffer = 4096;

    [TestCase(64 * 1024, 1024)]
    [TestCase(16 * 1024 * 1024, 50)]
    public void Send_PeerNeverReads_SeesAPrefixAndThenTheEnd(int maxQueueBytes, int maxQueueMessages)
    {
        Start(listen =>
        {
            listen.SendBufferBytes = SmallBuffer;
            listen.MaxSendQueueBytes = maxQueueBytes;
            listen.MaxSendQueueMessages = maxQueueMessages;
        });
        using RawClient client = RawClient.Open(Server, SmallBuffer);
        Session session = NextOpened();
        byte[] filler = new byte[1000];
        int accepted = OnLoop(() =>
        {
            int sent = 0;
            SendStatus status;
            while ((status = session.Send(new Numbered(sent, filler))) == SendStatus.Sent)
            {
                sent++;
            }

            Assert.That(status, Is.EqualTo(SendStatus.Overflow));
            for (int i = 0; i < 10; i++)
            {
                Assert.That(session.Send(new Numbered(sent + i, filler)), Is.EqualTo(SendStatus.Closed));
            }

            return sent;
        });
        Assert.That(NextClosed(), Has.Property(nameof(CloseInfo.Reason)).EqualTo(CloseReason.SlowConsumer));

        // The close timeout may cut off queued bytes; up to that point every number has arrived, and only Goodbye follows.
        List<object?[]> bodies = client.ReadToEnd();
        Assert.That(bodies[^1][1], Is.EqualTo(Wire.Goodbye), "a reader that wakes up in time gets all of it");
        Assert.That(((object?[])bodies[^1][2]!)[0], Is.EqualTo((int)CloseReason.SlowConsumer));
        bodies.RemoveAt(bodies.Count - 1);
        Assert.That(bodies.Select(body => ((object?[])body[2]!)[0]), Is.EqualTo(Enumerable.Range(0, accepted).Select(number => (long)number)));
    }

    [Test]
    public void Send_MemoryIsHeldByReceivers_EndsThemAndNotTheServer()
    {
        // Half-sent frames hold memory just as unread replies do; no send queue holds any when the pool is exhausted.
        Start(listen => listen.MaxBodyBytes = 1024 * 1024, o => o.MaxBufferBytes = 4 * 1024 * 1024);
        using RawClient honest = RawClient.Open(Server);
        List<RawClient> hoarders = [];
        for (int i = 0; i < 16; i++)
        {
            RawClient hoarder = RawClient.Open(Server);
            hoarders.Add(hoarder);
            hoarder.SendIgnoringReset(Wire.Join([0, 0x0F, 0xFF, 0xFF], new byte[600_000]));
        }

        byte[] blob = Enumerable.Repeat((byte)7, 60_000).ToArray();
        for (int i = 0; i < 5; i++)
        {
            honest.Send(Wire.Frame(Wire.Message, 73, Wire.Array(blob)));
            Assert.That(((object?[])honest.Read()[2]!)[0], Is.EqualTo(blob));
        }

        Assert.That(Server.GetStatistics().Buffers.SlabBytes, Is.LessThanOrEqualTo(4 * 1024 * 1024));
        Assert.That(Server.GetStatistics().ClosedByReason.Keys, Does.Contain(CloseReason.Evicted));
        hoarders.ForEach(hoarder => hoarder.Dispose());
    }

    [Test]
    public void Close_PoolIsExhaustedAndNobodyCanBeEvicted_EndsWithoutAGoodbye()
    {
        Start(configure: o => o.MaxBufferBytes = 1024 * 1024);
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        SendStatus status = OnLoop(() =>
        {
            // The application, or another part of the engine, holds all memory.
            List<Lease> leases = [];
            for (int size = 256 * 1024; size >= 1; size /= 2)
            {
                while (Server.Core.Pool.TryRent(size, nameof(OverflowTests), out Lease lease))
                {
                    leases.Add(lease);
                }
            }

            SendStatus sent = session.Send(new Say("x"));
            leases.ForEach(lease => lease.Return());
            return sent;
        });
        Assert.That(status, Is.EqualTo(SendStatus.Overflow));
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.SlowConsumer));
        Assert.That(client.ReadToEnd(), Is.Empty);
    }

    [Test]
    public void Broadcast_MemoryCapReached_EvictsThoseWhoHoldMostAndHarmsNobodyElse()
    {
        const int Count = 60;
        const long MaxBytes = 2 * 1024 * 1024;
        Start(
            listen =>
            {
                listen.SendBufferBytes = SmallBuffer;
                listen.MaxSendQueueBytes = 1024 * 1024;
                listen.MaxSendBacklogBytes = 1024 * 1024;
            },
            o => o.MaxBufferBytes = MaxBytes);
        List<RawClient> deaf = [];
        List<RawClient> readers = [];
        for (int i = 0; i < 12; i++)
        {
            deaf.Add(RawClient.Open(Server, SmallBuffer));
            if (i % 3 == 0)
            {
                readers.Add(RawClient.Open(Server));
            }
        }

        Task<List<long>>[] reading = [.. readers.Select(reader => Task.Run(() =>
        {
            List<long> numbers = [];
            while (numbers.Count < Count)
            {
                numbers.Add((long)((object?[])reader.Read()[2]!)[0]!);
            }

            return numbers;
        }))];
        byte[] filler = new byte[30_000];
        int broadcast = 0;
        WaitUntil(
            () =>
            {
                // At the speed of the readers: the clients that do not read fill the memory.
                bool areReadersDone = Server.Everyone.Count(member => member.QueuedBytes == 0) >= readers.Count;
                if (areReadersDone && broadcast < Count)
                {
                    Assert.That(Server.Broadcast(new Numbered(broadcast++, filler)), Is.EqualTo(SendStatus.Sent));
                    Assert.That(Server.Core.Pool.Statistics.SlabBytes, Is.LessThanOrEqualTo(MaxBytes));
                }

                return broadcast == Count;
            },
            "the readers do not keep up");
        Assert.That(Task.WaitAll(reading, TestHost.Patience), Is.True);
        foreach (Task<List<long>> numbers in reading)
        {
            Assert.That(numbers.Result, Is.EqualTo(Enumerable.Range(0, Count).Select(number => (long)number)), "no gap, no duplicate");
        }

        Assert.That(ClosedFor(CloseReason.SlowConsumer), Is.InRange(1, 12));
        deaf.ForEach(client => client.Dispose());
        readers.ForEach(client => client.Dispose());
    }
}

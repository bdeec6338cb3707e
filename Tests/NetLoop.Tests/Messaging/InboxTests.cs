using NetLoop.Messaging;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

public sealed class InboxTests
{
    private readonly List<int> _delivered = [];
    private int _roomCalls;

    [SetUp]
    public void Clear()
    {
        _delivered.Clear();
        _roomCalls = 0;
    }

    [Test]
    public void HasRoom_AtTheMessageLimit_IsFalseUntilHalfIsDone()
    {
        Inbox inbox = Create(maxMessages: 128);
        for (int i = 0; i < 128; i++)
        {
            Assert.That(inbox.HasRoom, Is.True);
            inbox.Add(new Numbered(this, i, bytes: 1));
        }

        Assert.That(inbox.HasRoom, Is.False);
        inbox.Publish();
        Assert.That(_roomCalls, Is.Zero);
        Deliver(inbox, maxBatches: 1);
        Assert.That(_roomCalls, Is.EqualTo(1));
        Assert.That(inbox.HasRoom, Is.True);
        Deliver(inbox);
        Assert.That(_roomCalls, Is.EqualTo(1), "room is told once for each time it was full");
    }

    [Test]
    public void HasRoom_AtTheByteLimit_IsFalseUntilTheBytesAreDone()
    {
        Inbox inbox = Create(maxMessages: 128, maxBytes: 100);
        inbox.Add(new Numbered(this, 0, bytes: 99));
        Assert.That(inbox.HasRoom, Is.True);
        inbox.Add(new Numbered(this, 1, bytes: 99));
        Assert.That(inbox.HasRoom, Is.False);
        inbox.Publish();
        Deliver(inbox);
        Assert.That(inbox.HasRoom, Is.True);
        Assert.That(_roomCalls, Is.EqualTo(1));
    }

    [Test]
    public void HeldBytes_MessagesComeAndGo_AreThoseInside()
    {
        Inbox inbox = Create(maxMessages: 128, maxBytes: 100);
        for (int round = 0; round < 3; round++)
        {
            inbox.Add(new Numbered(this, 0, bytes: 30));
            inbox.Add(new Numbered(this, 1, bytes: 40));
            Assert.That((inbox.HeldBytes, inbox.FreeBytes, inbox.Depth), Is.EqualTo((70L, 30L, 2L)), $"round {round}");
            inbox.Publish();
            Deliver(inbox);
            Assert.That((inbox.HeldBytes, inbox.FreeBytes, inbox.Depth), Is.EqualTo((0L, 100L, 0L)), $"round {round}");
            Assert.That((inbox.Added, inbox.Completed), Is.EqualTo((2L * (round + 1), 2L * (round + 1))));
        }
    }

    [TestCase(99, true)]
    [TestCase(100, false)]
    public void HasRoom_AroundTheByteLimit_IsDecidedByTheLastByte(int bytes, bool hasRoom)
    {
        Inbox inbox = Create(maxMessages: 128, maxBytes: 100);
        inbox.Add(new Numbered(this, 0, bytes));
        Assert.That(inbox.HasRoom, Is.EqualTo(hasRoom));
    }

    [Test]
    public void Done_InboxWasFull_CallsWhenHalfIsDoneAndOnceOnly()
    {
        Inbox inbox = Create(maxMessages: 5);
        AddEachAlone(inbox, 5);
        Deliver(inbox, maxBatches: 1);
        Assert.That(_roomCalls, Is.Zero, "nobody has asked");
        Assert.That(inbox.HasRoom, Is.True);
        AddEachAlone(inbox, 1);
        Assert.That(inbox.HasRoom, Is.False);
        Deliver(inbox, maxBatches: 2);
        Assert.That((_roomCalls, inbox.Depth), Is.EqualTo((0, 3L)));
        Deliver(inbox, maxBatches: 1);
        Assert.That((_roomCalls, inbox.Depth), Is.EqualTo((1, 2L)));
        Deliver(inbox);
        Assert.That(_roomCalls, Is.EqualTo(1));
    }

    [Test]
    public void Done_NothingMoreIsPublished_CallsAlthoughMoreThanHalfIsInside()
    {
        Inbox inbox = Create(maxMessages: 5);
        AddEachAlone(inbox, 2);
        for (int i = 0; i < 3; i++)
        {
            inbox.Add(new Numbered(this, i, bytes: 0));
        }

        Assert.That(inbox.HasRoom, Is.False);
        Deliver(inbox, maxBatches: 1);
        Assert.That(_roomCalls, Is.Zero);
        Deliver(inbox, maxBatches: 1);
        Assert.That((_roomCalls, inbox.Depth), Is.EqualTo((1, 3L)), "the reader would sleep now, and what is not published waits for its call");
    }

    [Test]
    public void Done_ByWhatItCalls_HasRoomAlready()
    {
        Inbox? inbox = null;
        List<(bool, long, long)> seen = [];
        inbox = new Inbox(maxMessages: 1, maxBytes: 10, () => seen.Add((inbox!.HasRoom, inbox.Depth, inbox.FreeBytes)));
        for (int time = 1; time <= 2; time++)
        {
            inbox.Add(new Numbered(this, 0, bytes: 10));
            inbox.Publish();
            Assert.That(inbox.HasRoom, Is.False);
            Deliver(inbox);
            Assert.That(seen, Has.Count.EqualTo(time));
            Assert.That(seen[^1], Is.EqualTo((true, 0L, 10L)));
        }
    }

    [Test]
    public void IsEmpty_SomethingInside_IsToldOfProgress()
    {
        Inbox inbox = Create(maxMessages: 100);
        Assert.That(inbox.IsEmpty, Is.True);
        AddEachAlone(inbox, 2);
        Assert.That(inbox.IsEmpty, Is.False);
        Deliver(inbox, maxBatches: 1);
        Assert.That(_roomCalls, Is.EqualTo(1));
        Assert.That(inbox.IsEmpty, Is.False);
        Deliver(inbox);
        Assert.That(_roomCalls, Is.EqualTo(2));
        Assert.That(inbox.IsEmpty, Is.True);
        AddEachAlone(inbox, 1);
        Deliver(inbox);
        Assert.That(_roomCalls, Is.EqualTo(2), "nobody has asked again");
    }

    [Test]
    public void Extended_ByTheLastOne_CountsItsMessagesUntilTheBatchIsFull()
    {
        Inbox inbox = Create(maxMessages: 1_000, maxBytes: 1_000);
        Assert.That((inbox.Last, inbox.RoomInBatch), Is.EqualTo(((Envelope?)null, 64)));
        var first = new Numbered(this, 0, bytes: 5);
        var second = new Numbered(this, 1, bytes: 5);
        inbox.Add(first);
        Assert.That((inbox.Last, inbox.RoomInBatch), Is.EqualTo(((Envelope?)first, 63)));
        inbox.Add(second);
        inbox.Extended(10, 30);
        Assert.That((inbox.Last, inbox.RoomInBatch, inbox.Depth, inbox.HeldBytes), Is.EqualTo(((Envelope?)second, 52, 12L, 40L)));
        Assert.That(inbox.HasBatch, Is.False);
        inbox.Extended(51, 51);
        Assert.That((inbox.Last, inbox.HasBatch), Is.EqualTo(((Envelope?)second, false)));
        inbox.Extended(1, 1);
        Assert.That((inbox.Last, inbox.HasBatch, inbox.RoomInBatch), Is.EqualTo(((Envelope?)null, true, 64)), "the reader has it");
        Assert.That(inbox.TryTake(out EnvelopeBatch? batch), Is.True);
        Assert.That((batch!.Messages, batch.Envelopes.Length), Is.EqualTo((64, 2)));
        inbox.Done(batch, 92);
        Assert.That((inbox.Depth, inbox.HeldBytes, inbox.Completed), Is.EqualTo((0L, 0L, 64L)));
    }

    [Test]
    public void RoomInBatch_AlmostAtTheLimit_IsWhatTheInboxHasLeft()
    {
        Inbox inbox = Create(maxMessages: 10);
        for (int i = 0; i < 8; i++)
        {
            inbox.Add(new Numbered(this, i, bytes: 0));
        }

        Assert.That(inbox.RoomInBatch, Is.EqualTo(2));
        inbox.Publish();
        Assert.That((inbox.RoomInBatch, inbox.Last), Is.EqualTo((2, (Envelope?)null)));
        Deliver(inbox);
        Assert.That(inbox.RoomInBatch, Is.EqualTo(10));
    }

    [Test]
    public void TryComplete_BatchesWaitForTheReader_IsOverWhenAllAreTaken()
    {
        // The channel has room for one batch, and for control envelopes in addition.
        Inbox inbox = Create(maxMessages: 1);
        for (int i = 0; i < 65; i++)
        {
            inbox.Add(new Numbered(this, i, bytes: 0));
        }

        Assert.That(inbox.TryComplete(), Is.False);
        Assert.That(_roomCalls, Is.Zero);
        Deliver(inbox);
        Assert.That((_roomCalls, inbox.IsOver), Is.EqualTo((1, false)), "the reader made room for the rest");
        Assert.That(inbox.TryComplete(), Is.True);
        Assert.That((inbox.HasBatch, inbox.IsOver), Is.EqualTo((true, false)));
        Deliver(inbox);
        Assert.That((inbox.HasBatch, inbox.IsOver), Is.EqualTo((false, true)));
        Assert.That(_delivered, Is.EqualTo(Enumerable.Range(0, 65)));
    }

    [Test]
    public void Add_MoreThanAllowed_KeepsAllInOrder()
    {
        // Control envelopes do not count toward the limit; the channel is smaller than the number of waiting envelopes.
        Inbox inbox = Create(maxMessages: 1);
        for (int i = 0; i < 1000; i++)
        {
            inbox.Add(new Numbered(this, i, bytes: 0));
        }

        Assert.That(inbox.Depth, Is.EqualTo(1000));
        inbox.Publish();
        for (int round = 0; round < 100 && inbox.Depth > 0; round++)
        {
            Deliver(inbox);
            inbox.Publish();
        }

        Assert.That(_delivered, Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(inbox.Depth, Is.Zero);
    }

    [Test]
    public void TakeAndAdd_OnTwoThreads_LosesNothingAndAlwaysTellsOfRoom()
    {
        const int Count = 100_000;
        using var room = new AutoResetEvent(false);
        var inbox = new Inbox(maxMessages: 64, maxBytes: int.MaxValue, () => room.Set());
        var reader = new Thread(() =>
        {
            while (!inbox.IsOver)
            {
                Deliver(inbox);
                Thread.Yield();
            }
        });
        reader.Start();
        for (int i = 0; i < Count; i++)
        {
            while (!inbox.HasRoom)
            {
                inbox.Publish();
                Assert.That(room.WaitOne(TimeSpan.FromSeconds(30)), Is.True, $"no room was told of at {i}");
            }

            inbox.Add(new Numbered(this, i, bytes: 1));
        }

        inbox.TryComplete();
        Assert.That(reader.Join(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(_delivered, Is.EqualTo(Enumerable.Range(0, Count)));
    }

    /// <summary>Adds each message in its own batch.</summary>
    private void AddEachAlone(Inbox inbox, int count)
    {
        for (int i = 0; i < count; i++)
        {
            inbox.Add(new Numbered(this, i, bytes: 0));
            inbox.Publish();
        }
    }

    private Inbox Create(int maxMessages, int maxBytes = int.MaxValue) => new(maxMessages, maxBytes, () => _roomCalls++);

    private static void Deliver(Inbox inbox, int maxBatches = int.MaxValue)
    {
        for (int i = 0; i < maxBatches && inbox.TryTake(out EnvelopeBatch? batch); i++)
        {
            Deliver(inbox, batch);
        }
    }

    private static void Deliver(Inbox inbox, EnvelopeBatch batch)
    {
        long bytes = 0;
        foreach (Envelope envelope in batch.Envelopes)
        {
            bytes += envelope.ChargedBytes;
            envelope.Deliver();
        }

        inbox.Done(batch, bytes);
    }

    private sealed class Numbered : Envelope
    {
        private readonly InboxTests _tests;
        private readonly int _number;

        public Numbered(InboxTests tests, int number, int bytes)
        {
            _tests = tests;
            _number = number;
            ChargedBytes = bytes;
        }

        public override void Deliver() => _tests._delivered.Add(_number);

        public override void Discard()
        {
        }
    }
}

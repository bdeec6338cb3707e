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

    [Test]
    public void Add_MoreThanAllowed_KeepsAllInOrder()
    {
        // Control envelopes come on top of the limit; the channel is smaller than what waits.
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

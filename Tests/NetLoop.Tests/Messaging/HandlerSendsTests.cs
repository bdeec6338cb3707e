using NetLoop.Buffers;
using NetLoop.Messaging;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

/// <summary>Sends of handlers on their own thread; one thread acts as both sides.</summary>
public sealed class HandlerSendsTests
{
    /// <summary>Number of chunks.</summary>
    private const int Chunks = 8;

    private readonly byte[] _bytes = new byte[2 * SendChunk.Bytes];
    private RecordingTarget _target = null!;
    private BufferPool _pool = null!;
    private CommandQueue _outbox = null!;
    private HandlerSends _sends = null!;
    private int _wakes;

    [SetUp]
    public void Begin()
    {
        _wakes = 0;
        _target = new RecordingTarget();
        _pool = new BufferPool(new BufferPoolOptions { Diagnostics = true });
        _outbox = new CommandQueue(maxItems: 100, () => _wakes++);
        _sends = new HandlerSends(_outbox, _pool, () => _wakes++);
    }

    [TearDown]
    public void CheckLeases()
    {
        _sends.CloseChunk();
        _outbox.Drain(int.MaxValue);
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero, "leases left");
    }

    [Test]
    public void IsCaller_BetweenBeginAndEnd_IsTheThreadThatBegan()
    {
        Assert.That(_sends.IsCaller, Is.False);
        for (int run = 0; run < 2; run++)
        {
            _sends.Begin();
            Assert.That(_sends.IsCaller, Is.True);
            bool? isOther = null;
            var other = new Thread(() => isOther = _sends.IsCaller);
            other.Start();
            other.Join();
            Assert.That(isOther, Is.False);
            _sends.End();
            Assert.That(_sends.IsCaller, Is.False);
        }
    }

    [Test]
    public void End_AfterSends_WakesTheLoopOnce()
    {
        for (int run = 1; run < 3; run++)
        {
            _sends.Begin();
            Send(1);
            Send(2);
            Assert.That(_wakes, Is.EqualTo(run - 1), "woken before the end");
            _sends.End();
            Assert.That(_wakes, Is.EqualTo(run));
        }

        _sends.Begin();
        _sends.End();
        Assert.That(_wakes, Is.EqualTo(2), "woken for nothing");
    }

    [Test]
    public void WakeLoop_AgainWithoutSends_WakesNobody()
    {
        _sends.Begin();
        _sends.WakeLoop();
        Assert.That(_wakes, Is.Zero);
        Send(1);
        _sends.WakeLoop();
        _sends.WakeLoop();
        Assert.That(_wakes, Is.EqualTo(1));
        Send(2);
        _sends.End();
        Assert.That(_wakes, Is.EqualTo(2));
    }

    [Test]
    public void Drain_WhileTheChunkIsOpen_CarriesOutWhatThereIs()
    {
        _sends.Begin();
        Send(1);
        Send(2);
        Assert.That(_outbox.HasItems, Is.True);
        Assert.That(_outbox.Drain(10), Is.EqualTo(1), "the place of the chunk; what it holds goes with it");
        Assert.That(_outbox.HasItems, Is.False);
        Send(3);
        Assert.That(_sends.HasBodies && _outbox.HasItems, Is.True);
        Assert.That(_outbox.Drain(10), Is.EqualTo(1));
        Assert.That(_sends.HasBodies, Is.False);
        _sends.End();
        Assert.That(_target.Done, Is.EqualTo(new[] { 1, 2, 3 }).AsCollection);
    }

    [Test]
    public void Write_BetweenSends_KeepsTheOrder()
    {
        _sends.Begin();
        Send(1);
        _outbox.Write(_target.Item(2));
        Send(3);
        _outbox.Write(_target.Item(4));
        _sends.End();
        _outbox.Drain(int.MaxValue);
        Assert.That(_target.Done, Is.EqualTo(new[] { 1, 2, 3, 4 }).AsCollection);
    }

    [Test]
    public void Write_BehindAChunkThatIsBeingRead_IsBehindItsBodies()
    {
        _sends.Begin();
        Send(1);
        _outbox.Drain(1);
        Send(2);
        _outbox.Write(_target.Item(3));
        _sends.End();
        _outbox.Drain(1);
        Assert.That(_target.Done.Take(2), Is.EqualTo(new[] { 1, 2 }).AsCollection);
        _outbox.Drain(10);
        Assert.That(_target.Done, Is.EqualTo(new[] { 1, 2, 3 }).AsCollection);
    }

    [Test]
    public void Write_FromAnotherThread_LeavesTheChunkOpen()
    {
        _sends.Begin();
        Send(1);
        var other = new Thread(() => _outbox.Write(_target.Item(9)));
        other.Start();
        other.Join();
        Send(2);
        _sends.End();
        _outbox.Drain(int.MaxValue);
        Assert.That(_target.Done, Is.EqualTo(new[] { 1, 2, 9 }).AsCollection, "a second chunk was opened");
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void TrySend_AsLongAsAllowed_IsTaken(int beyond, bool isTaken)
    {
        _sends.Begin();
        for (int i = 0; i < 2; i++)
        {
            Assert.That(TrySend(1, bytes: 100 + beyond, maxBytes: 100), Is.EqualTo(isTaken));
        }

        Assert.That(TrySend(2, bytes: 100, maxBytes: 100), Is.True);
        _sends.End();
        _outbox.Drain(int.MaxValue);
        Assert.That(_target.Done, Is.EqualTo(isTaken ? [1, 1, 2] : new[] { 2 }).AsCollection);
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void TrySend_AsLongAsAChunk_IsTaken(int beyond, bool isTaken)
    {
        _sends.Begin();
        for (int i = 0; i < 2; i++)
        {
            Send(1);
            Assert.That(TrySend(2, SendChunk.Bytes + beyond, int.MaxValue), Is.EqualTo(isTaken));
            Send(3);
        }

        _sends.End();
        _outbox.Drain(int.MaxValue);
        Assert.That(_target.Done, Is.EqualTo(isTaken ? [1, 2, 3, 1, 2, 3] : new[] { 1, 3, 1, 3 }).AsCollection);
    }

    [Test]
    public void TrySend_TwoThatFillAChunk_LeaveNoRoomForAThird()
    {
        _sends.Begin();
        Assert.That(TrySend(1, SendChunk.Bytes - 10, int.MaxValue), Is.True);
        Assert.That(TrySend(2, 10, int.MaxValue), Is.True);
        Assert.That(_pool.Statistics.RentedLeases, Is.EqualTo(1));
        Assert.That(TrySend(3, 1, int.MaxValue), Is.True);
        Assert.That(_pool.Statistics.RentedLeases, Is.EqualTo(2));
        _sends.End();
        _outbox.Drain(int.MaxValue);
        Assert.That(_target.Done, Is.EqualTo(new[] { 1, 2, 3 }).AsCollection);
    }

    [Test]
    public void TrySend_AllChunksInUse_IsTakenAgainWhenOneIsRead()
    {
        _sends.Begin();
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < Chunks; i++)
            {
                Assert.That(TrySend(i, SendChunk.Bytes, int.MaxValue), Is.True, $"chunk {i}");
            }

            Assert.That(TrySend(99, 1, int.MaxValue), Is.False);
            Assert.That(_outbox.Drain(1), Is.EqualTo(1));
            Assert.That(TrySend(Chunks, SendChunk.Bytes, int.MaxValue), Is.True, "the oldest is free");
            Assert.That(TrySend(99, 1, int.MaxValue), Is.False);
            _outbox.Drain(int.MaxValue);
        }

        Assert.That(_target.Done, Is.EqualTo(Enumerable.Repeat(Enumerable.Range(0, Chunks + 1), 3).SelectMany(one => one)).AsCollection);
        _sends.End();
    }

    [Test]
    public void TrySend_PoolExhausted_IsTakenAgainWhenItHasMemory()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 1 << 20 });
        var sends = new HandlerSends(_outbox, pool, static () => { });
        var leases = new List<Lease>();
        while (pool.TryRent(SendChunk.Bytes, "test", out Lease lease))
        {
            leases.Add(lease);
        }

        sends.Begin();
        var body = new EncodedBody(_bytes.AsSpan(0, 10));
        Assert.That(sends.TrySend(_target, in body, 10, out _), Is.False);
        Assert.That(_outbox.HasItems, Is.False);
        leases.ForEach(lease => lease.Return());
        Assert.That(sends.TrySend(_target, in body, 10, out _), Is.True);
        sends.End();
        _outbox.Drain(int.MaxValue);
        Assert.That(pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void TrySend_LoopHasEnded_GivesTheMemoryBack()
    {
        _sends.Begin();
        _outbox.Complete();
        for (int i = 0; i < Chunks + 1; i++)
        {
            Assert.That(TrySend(1, 10, 10), Is.False);
        }

        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
        _sends.End();
        Assert.That(_wakes, Is.LessThanOrEqualTo(Chunks + 1), "woken for what was not sent");
    }

    [Test]
    public void TrySend_BodyThatCannotBeWrittenAgain_IsKeptWhenItDoesNotFit()
    {
        _sends.Begin();
        Assert.That(TrySend(1, SendChunk.Bytes - 100, int.MaxValue), Is.True);
        for (int i = 0; i < 2; i++)
        {
            _bytes[0] = 2;
            var body = new UnrepeatableBody(_bytes.AsSpan(0, 101));
            Assert.That(_sends.TrySend(_target, in body, int.MaxValue, out ReadOnlySpan<byte> kept), Is.False);
            Assert.That(kept.SequenceEqual(_bytes.AsSpan(0, 101)), Is.True);
        }

        var fits = new UnrepeatableBody(_bytes.AsSpan(0, 100));
        Assert.That(_sends.TrySend(_target, in fits, int.MaxValue, out ReadOnlySpan<byte> nothing), Is.True);
        Assert.That(nothing.IsEmpty, Is.True);
        Assert.That(_pool.Statistics.RentedLeases, Is.EqualTo(1), "another chunk was opened");
        _sends.End();
        _outbox.Drain(int.MaxValue);
        Assert.That(_target.Done, Is.EqualTo(new[] { 1, 2 }).AsCollection);
    }

    private void Send(byte number) => Assert.That(TrySend(number, 10, 10), Is.True);

    private bool TrySend(int number, int bytes, int maxBytes)
    {
        _bytes[0] = (byte)number;
        var body = new EncodedBody(_bytes.AsSpan(0, bytes));
        bool isTaken = _sends.TrySend(_target, in body, maxBytes, out ReadOnlySpan<byte> kept);
        Assert.That(kept.IsEmpty, Is.True);
        return isTaken;
    }

    /// <summary>The code that writes this value must not run twice for one message.</summary>
    private readonly ref struct UnrepeatableBody(ReadOnlySpan<byte> body) : IBody
    {
        private readonly ReadOnlySpan<byte> _body = body;

        public void Write(ref NetWriter writer)
        {
            writer.TryKeep();
            writer.WriteRaw(_body);
        }
    }
}

using System.Runtime.CompilerServices;
using NUnit.Framework;
using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sending;

namespace NetLoop.Tests.Messaging;

public sealed class SendChunkTests
{
    private const int MaxBodies = 256;

    private readonly BufferPool _pool = new(new BufferPoolOptions { Diagnostics = true });
    private readonly SendChunk _chunk = new();

    [Test]
    public void CarryOut_InSteps_GivesEachBodyOnceAndIsFreeWhenItWasClosed()
    {
        for (byte use = 1; use < 4; use++)
        {
            var target = new RecordingTarget();
            Open();
            Assert.That(_chunk.IsFree || _chunk.HasBodies, Is.False);
            Assert.That(_chunk.CarryOut(out int none), Is.False);
            Assert.That(none, Is.Zero);
            Add(target, use, 3);
            Add(target, (byte)(use + 10), 5);
            Assert.That(_chunk.HasBodies, Is.True);
            Assert.That(_chunk.CarryOut(out int two), Is.False);
            Assert.That((two, _chunk.HasBodies), Is.EqualTo((2, false)));
            Add(target, (byte)(use + 20), 7);
            _chunk.Close();
            Assert.That(_chunk.CarryOut(out int one), Is.True);
            Assert.That(one, Is.EqualTo(1));
            Assert.That(_chunk.IsFree, Is.True);
            Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
            Assert.That(target.Done, Is.EqualTo(new[] { use, use + 10, use + 20 }).AsCollection);
        }
    }

    [Test]
    public void CarryOut_BodiesOfDifferentLengths_GivesEachItsOwnBytes()
    {
        var target = new LengthTarget();
        Open();
        int[] lengths = [1, 100, 7, 0, 3000];
        foreach (int length in lengths)
        {
            _chunk.Room[..length].Fill((byte)length);
            _chunk.Add(target, length);
        }

        _chunk.Close();
        _chunk.CarryOut(out int bodies);
        Assert.That(bodies, Is.EqualTo(5));
        Assert.That(target.Lengths, Is.EqualTo(lengths).AsCollection);
    }

    [Test]
    public void Room_BetweenBodies_IsWhatIsLeft()
    {
        Open();
        Assert.That(_chunk.Room.Length, Is.EqualTo(SendChunk.Bytes));
        Add(new RecordingTarget(), 1, 10);
        Assert.That(_chunk.Room.Length, Is.EqualTo(SendChunk.Bytes - 10));
        Add(new RecordingTarget(), 1, SendChunk.Bytes - 10);
        Assert.That(_chunk.Room.IsEmpty, Is.True);
        _chunk.Free();
    }

    [Test]
    public void Room_AfterTheMostBodies_IsEmpty()
    {
        var target = new RecordingTarget();
        for (int use = 0; use < 2; use++)
        {
            Open();
            for (int i = 0; i < MaxBodies; i++)
            {
                Assert.That(_chunk.Room.IsEmpty, Is.False, $"{i}");
                Add(target, 1, 1);
            }

            Assert.That(_chunk.Room.IsEmpty, Is.True);
            _chunk.Close();
            Assert.That(_chunk.CarryOut(out int bodies), Is.True);
            Assert.That(bodies, Is.EqualTo(MaxBodies));
        }
    }

    [Test]
    public void Free_WithBodies_ForgetsTheirReceivers()
    {
        WeakReference receiver = AddAndFree();
        GC.Collect();
        Assert.That(receiver.IsAlive, Is.False);
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference AddAndFree()
    {
        var receiver = new RecordingTarget();
        Open();
        Add(receiver, 1, 1);
        Add(receiver, 2, 1);
        _chunk.Free();
        return new WeakReference(receiver);
    }

    private void Open()
    {
        Assert.That(_chunk.IsFree, Is.True);
        Assert.That(_pool.TryRent(SendChunk.Bytes, "test", out Lease memory), Is.True);
        _chunk.Open(memory);
    }

    private void Add(RecordingTarget target, byte number, int bytes)
    {
        _chunk.Room[0] = number;
        _chunk.Add(target, bytes);
    }

    private sealed class LengthTarget : ISendTarget
    {
        public List<int> Lengths { get; } = [];

        public void SendEncoded(ReadOnlySpan<byte> body, SendMode mode)
        {
            Lengths.Add(body.Length);
            Assert.That(body.IndexOfAnyExcept((byte)body.Length), Is.Negative);
        }
    }
}

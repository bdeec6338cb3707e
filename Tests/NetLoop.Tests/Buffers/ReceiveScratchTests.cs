using NetLoop.Buffers;
using NUnit.Framework;

namespace NetLoop.Tests.Buffers;

public sealed class ReceiveScratchTests
{
    [Test]
    public void TryLend_PartOfTheRoom_IsThatMemory()
    {
        var scratch = new ReceiveScratch();
        Span<byte> received = scratch.Room.Slice(10, 4);
        Assert.That(scratch.TryLend(received, out ReadOnlyMemory<byte> lent), Is.True);
        Assert.That(lent.Span == received, Is.True);
    }

    [Test]
    public void TryLend_OtherMemoryOrNothing_IsRejected()
    {
        var scratch = new ReceiveScratch();
        Assert.That(scratch.TryLend(new byte[4], out _), Is.False);
        Assert.That(scratch.TryLend([], out _), Is.False);
        Assert.That(scratch.LentBytes, Is.Zero);
    }

    [Test]
    public void TakeBack_NothingIsLent_BreaksInvariant() =>
        Assert.That(new ReceiveScratch().TakeBack, Throws.TypeOf<InvariantViolationException>());

    [Test]
    public void Room_WhileBytesAreLent_LiesBehindThem()
    {
        var scratch = new ReceiveScratch();
        int receives = 0;
        int lentBefore = 0;
        while (!scratch.IsFull)
        {
            Assert.That(scratch.Room.Length, Is.EqualTo(ReceiveScratch.ReceiveBytes));
            Span<byte> received = scratch.Room[..1_000];
            received.Fill((byte)++receives);
            scratch.TryLend(received[10..], out _);
            Assert.That(scratch.LentBytes, Is.GreaterThanOrEqualTo(lentBefore + 1_000));
            lentBefore = scratch.LentBytes;
        }

        Assert.That(receives, Is.EqualTo(16));
        Assert.That(lentBefore, Is.LessThan(ReceiveScratch.MaxLentBytes + 1_100));
    }

    [Test]
    public void TryLend_TheLargestReceiveBehindLentBytes_FillsIt()
    {
        var scratch = new ReceiveScratch();
        scratch.TryLend(scratch.Room[..(ReceiveScratch.MaxLentBytes - 64)], out _);
        Assert.That(scratch.IsFull, Is.False);
        Assert.That(scratch.TryLend(scratch.Room, out ReadOnlyMemory<byte> lent), Is.True);
        Assert.That(lent.Length, Is.EqualTo(ReceiveScratch.ReceiveBytes));
        Assert.That(scratch.IsFull, Is.True);
    }

    [Test]
    public void TakeBack_WhatWasLent_CanNoLongerBeLookedAt()
    {
        var scratch = new ReceiveScratch();
        scratch.TryLend(scratch.Room[..2], out ReadOnlyMemory<byte> lent);
        var bytes = new BorrowedBytes(lent, scratch);
        Assert.That(bytes.Span.Length, Is.EqualTo(2));

        scratch.TakeBack();

        Assert.That(scratch.LentBytes, Is.Zero);
        Assert.That(bytes.Length, Is.EqualTo(2));
        Assert.That(() => bytes.ToArray(), Throws.InvalidOperationException.With.Message.Contains("ToArray()"));
    }
}

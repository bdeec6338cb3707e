using NetLoop.Buffers;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

public sealed class BorrowedBytesTests
{
    [Test]
    public void Default_IsEmpty()
    {
        BorrowedBytes none = default;
        Assert.That(none.IsEmpty, Is.True);
        Assert.That(none.ToArray(), Is.Empty);
        Assert.That(none == Array.Empty<byte>(), Is.True);
    }

    [Test]
    public void Equals_SameBytes_IsTrueWhereverTheyAre()
    {
        BorrowedBytes one = new byte[] { 1, 2, 3 };
        BorrowedBytes other = new ReadOnlyMemory<byte>([0, 1, 2, 3], 1, 3);
        Assert.That(one == other, Is.True);
        Assert.That(one.Equals((object)other), Is.True);
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
        Assert.That(one != new byte[] { 1, 2 }, Is.True);
    }

    [Test]
    public void TryDeserialize_OutsideOfTheEngine_IsACopy()
    {
        byte[] wire = NetMessagePack.Serialize(new Lent(1, new byte[] { 7, 8 }));
        Assert.That(NetMessagePack.TryDeserialize(wire, out Lent lent), Is.True);
        wire.AsSpan().Clear();
        Assert.That(lent, Is.EqualTo(new Lent(1, new byte[] { 7, 8 })));
    }

    [Test]
    public void TryReadBinary_WithALender_PointsIntoItsMemory()
    {
        var scratch = new ReceiveScratch();
        byte[] wire = new byte[] { 0xC4, 2, 7, 8 };
        wire.CopyTo(scratch.Room);
        var reader = new NetReader(scratch.Room[..4]) { Lender = scratch };
        Span<byte> content = scratch.Room.Slice(2, 2);
        Assert.That(reader.TryReadBinary(out BorrowedBytes bytes), Is.True);
        Assert.That(bytes.Span == content, Is.True);
        Assert.That(bytes.ToArray(), Is.EqualTo(new byte[] { 7, 8 }));
    }

    [Test]
    public void TryReadBinary_WithALenderOfOtherMemory_IsACopy()
    {
        var scratch = new ReceiveScratch();
        var reader = new NetReader(new byte[] { 0xC4, 2, 7, 8 }) { Lender = scratch };
        Assert.That(reader.TryReadBinary(out BorrowedBytes bytes), Is.True);
        Assert.That(scratch.LentBytes, Is.Zero);
        Assert.That(bytes.ToArray(), Is.EqualTo(new byte[] { 7, 8 }));
    }

    [Test]
    public void TryReadBinary_OfAnotherType_FailsAndLendsNothing()
    {
        var scratch = new ReceiveScratch();
        scratch.Room[0] = 0xC0;
        var reader = new NetReader(scratch.Room[..1]) { Lender = scratch };
        Assert.That(reader.TryReadBinary(out BorrowedBytes bytes), Is.False);
        Assert.That(bytes.IsEmpty, Is.True);
        Assert.That(scratch.LentBytes, Is.Zero);
    }
}

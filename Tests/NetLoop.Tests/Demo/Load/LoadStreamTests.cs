using System.Buffers.Binary;
using NetLoop.Demo.Echo;
using NetLoop.Demo.Load;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Load;

[TestFixture]
public sealed class LoadStreamTests
{
    [Test]
    public void Moves_EveryFrame_IsAMoveOf35BytesWithItsNumber()
    {
        var stream = LoadStream.Moves();
        var wire = new byte[stream.FrameBytes * 3];

        stream.Write(stream.FrameBytes * 70_000L, wire);

        Assert.That(stream.FrameBytes, Is.EqualTo(35));
        for (int i = 0; i < 3; i++)
        {
            ReadOnlySpan<byte> frame = wire.AsSpan(i * 35, 35);
            Assert.That(BinaryPrimitives.ReadInt32BigEndian(frame), Is.EqualTo(31));
            Assert.That(frame[4..7].ToArray(), Is.EqualTo(new byte[] { 0x93, 2, 100 }));
            Assert.That(NetMessagePack.TryDeserialize(frame[7..], out PlayerMove move), Is.True);
            Assert.That(move.Sequence & 0xFFFFFF, Is.EqualTo(70_000 + i));
            Assert.That(NetMessagePack.Serialize(move), Is.EqualTo(frame[7..].ToArray()), "a server's encoding is the same");
        }
    }

    [TestCase(8, 18)]
    [TestCase(255, 265)]
    [TestCase(256, 267)]
    [TestCase(1_013, 1_024)]
    [TestCase(60_000, 60_011)]
    public void Blobs_OfAnySize_AreFramesThatAServerEncodesAlike(int bytes, int frameBytes)
    {
        var stream = LoadStream.Blobs(bytes);
        var wire = new byte[stream.FrameBytes];

        stream.Write(0, wire);

        Assert.That(stream.FrameBytes, Is.EqualTo(frameBytes));
        Assert.That(NetMessagePack.TryDeserialize(wire.AsSpan(7), out Blob blob), Is.True);
        Assert.That(blob.Bytes.Length, Is.EqualTo(bytes));
        Assert.That(NetMessagePack.Serialize(blob), Is.EqualTo(wire[7..]));
    }

    [Test]
    public void Write_CutAnywhere_ContinuesAsOneStream()
    {
        var stream = LoadStream.Moves();
        var whole = new byte[stream.FrameBytes * 4];
        stream.Write(0, whole);
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            var parts = new byte[whole.Length];

            stream.Write(0, parts.AsSpan(0, cut));
            stream.Write(cut, parts.AsSpan(cut));

            Assert.That(parts, Is.EqualTo(whole), $"cut at {cut}");
            Assert.That(stream.Matches(0, parts.AsSpan(0, cut)) && stream.Matches(cut, parts.AsSpan(cut)), Is.True, $"cut at {cut}");
        }
    }

    [Test]
    public void Matches_OneBitOff_SaysNo()
    {
        var stream = LoadStream.Moves();
        var wire = new byte[stream.FrameBytes * 2];
        stream.Write(100, wire);
        for (int i = 0; i < wire.Length; i++)
        {
            wire[i] ^= 0x10;
            Assert.That(stream.Matches(100, wire), Is.False, $"byte {i}");
            wire[i] ^= 0x10;
        }

        Assert.That(stream.Matches(100, wire), Is.True);
        Assert.That(stream.Matches(100 + stream.FrameBytes, wire), Is.False, "the numbers differ");
    }
}

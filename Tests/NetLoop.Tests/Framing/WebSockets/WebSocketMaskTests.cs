using System.Runtime.InteropServices;
using NetLoop.Framing.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Framing.WebSockets;

[Parallelizable]
public sealed class WebSocketMaskTests
{
    private const int MaxOffset = 63;
    private const int MaxLength = 257;

    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];

    [Test]
    public void Apply_EveryAlignmentAndLength_EqualsTheNaiveOne()
    {
        byte[] source = new byte[MaxOffset + MaxLength + 64];
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = (byte)((i * 131) + 7);
        }

        uint key = MemoryMarshal.Read<uint>(Key);
        byte[] destination = new byte[source.Length];
        byte[] expected = new byte[source.Length];
        for (int offset = 0; offset <= MaxOffset; offset++)
        {
            for (int length = 0; length <= MaxLength; length++)
            {
                int phase = (offset + length) % 4;
                destination.AsSpan().Fill(0xEE);
                WebSocketMask.Apply(source.AsSpan(offset, length), destination.AsSpan(MaxOffset - offset, length), key, phase);

                expected.AsSpan().Fill(0xEE);
                for (int i = 0; i < length; i++)
                {
                    expected[MaxOffset - offset + i] = (byte)(source[offset + i] ^ Key[(i + phase) % 4]);
                }

                if (!destination.AsSpan().SequenceEqual(expected))
                {
                    Assert.Fail($"offset {offset}, length {length}, phase {phase}");
                }
            }
        }
    }

    [Test]
    public void Apply_InPlaceAndInPieces_GivesThePayloadBack()
    {
        byte[] payload = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        byte[] masked = [.. payload];
        uint key = MemoryMarshal.Read<uint>(Key);
        WebSocketMask.Apply(masked, masked, key);
        Assert.That(masked, Is.Not.EqualTo(payload));
        for (int done = 0; done < masked.Length;)
        {
            int piece = Math.Min(1 + (done % 37), masked.Length - done);
            WebSocketMask.Apply(masked.AsSpan(done, piece), masked.AsSpan(done, piece), key, done % 4);
            done += piece;
        }

        Assert.That(masked, Is.EqualTo(payload));
    }
}

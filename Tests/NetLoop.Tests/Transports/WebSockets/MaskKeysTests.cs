using System.Buffers.Binary;
using NetLoop.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

[Parallelizable]
public sealed class MaskKeysTests
{
    [Test]
    public void Next_ManyKeys_AreThoseOfTheSourceEachOnceAndFetched64AtATime()
    {
        var entropy = new CountingEntropy();
        var keys = new MaskKeys(entropy);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.That(keys.Next(), Is.EqualTo((uint)i));
            Assert.That((entropy.Fills, entropy.Keys), Is.EqualTo(((i / 64) + 1, ((i / 64) + 1) * 64)));
        }
    }

    /// <summary>Fills with the numbers from 0 on.</summary>
    private sealed class CountingEntropy : IEntropySource
    {
        public int Fills { get; private set; }

        public int Keys { get; private set; }

        public void Fill(Span<byte> buffer)
        {
            Fills++;
            for (int at = 0; at < buffer.Length; at += sizeof(uint))
            {
                BinaryPrimitives.WriteInt32LittleEndian(buffer[at..], Keys++);
            }
        }
    }
}

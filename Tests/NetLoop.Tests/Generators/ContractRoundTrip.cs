using System.Buffers;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>Sends a contract through all ways of writing, and cuts its bytes at each place.</summary>
internal static class ContractRoundTrip
{
    /// <summary>Reads the written bytes; each shorter piece of them must be rejected.</summary>
    public static T Of<T>(T sent)
        where T : INetContract<T>
    {
        byte[] wire = NetMessagePack.Serialize(sent);
        ArrayBufferWriter<byte> output = new(1);
        NetMessagePack.Serialize(output, in sent);
        Assert.That(output.WrittenSpan.SequenceEqual(wire), Is.True);
        for (int cut = 0; cut < Math.Min(wire.Length, 2_000); cut++)
        {
            Assert.That(NetMessagePack.TryDeserialize(wire.AsSpan(0, cut), out T? _, out DecodeStatus cutStatus), Is.False, $"cut at {cut}");
            Assert.That(cutStatus, Is.EqualTo(DecodeStatus.EndOfData), $"cut at {cut}");
        }

        Assert.That(NetMessagePack.TryDeserialize([.. wire, 0xC0], out T? _, out DecodeStatus trailing), Is.False);
        Assert.That(trailing, Is.EqualTo(DecodeStatus.TrailingData));
        Assert.That(NetMessagePack.TryDeserialize(wire, out T? read, out DecodeStatus status), Is.True, status.ToString());
        return read!;
    }
}

using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

[Parallelizable]
public sealed class NetWriterTests
{
    private delegate void Encoder(ref NetWriter writer);

    private static readonly (string Name, Encoder Write, string StartsWith, int Length)[] KnownForms =
    [
        ("nil", (ref NetWriter w) => w.WriteNil(), "C0", 1),
        ("true", (ref NetWriter w) => w.Write(true), "C3", 1),
        ("0", (ref NetWriter w) => w.Write((byte)0), "00", 1),
        ("127", (ref NetWriter w) => w.Write((byte)127), "7F", 1),
        ("128", (ref NetWriter w) => w.Write((byte)128), "CC80", 2),
        ("255", (ref NetWriter w) => w.Write(255), "CCFF", 2),
        ("256", (ref NetWriter w) => w.Write((ushort)256), "CD0100", 3),
        ("65535", (ref NetWriter w) => w.Write(65_535L), "CDFFFF", 3),
        ("65536", (ref NetWriter w) => w.Write(65_536), "CE00010000", 5),
        ("2^32-1", (ref NetWriter w) => w.Write(uint.MaxValue), "CEFFFFFFFF", 5),
        ("2^32", (ref NetWriter w) => w.Write(1L << 32), "CF0000000100000000", 9),
        ("2^64-1", (ref NetWriter w) => w.Write(ulong.MaxValue), "CFFFFFFFFFFFFFFFFF", 9),
        ("-1", (ref NetWriter w) => w.Write((sbyte)-1), "FF", 1),
        ("-32", (ref NetWriter w) => w.Write((short)-32), "E0", 1),
        ("-33", (ref NetWriter w) => w.Write(-33), "D0DF", 2),
        ("-128", (ref NetWriter w) => w.Write(-128L), "D080", 2),
        ("-129", (ref NetWriter w) => w.Write(-129), "D1FF7F", 3),
        ("-32768", (ref NetWriter w) => w.Write(-32_768), "D18000", 3),
        ("-32769", (ref NetWriter w) => w.Write(-32_769), "D2FFFF7FFF", 5),
        ("-2^31", (ref NetWriter w) => w.Write((long)int.MinValue), "D280000000", 5),
        ("-2^31-1", (ref NetWriter w) => w.Write(int.MinValue - 1L), "D3FFFFFFFF7FFFFFFF", 9),
        ("-2^63", (ref NetWriter w) => w.Write(long.MinValue), "D38000000000000000", 9),
        ("char", (ref NetWriter w) => w.Write('é'), "CCE9", 2),
        ("float", (ref NetWriter w) => w.Write(1.5f), "CA3FC00000", 5),
        ("double", (ref NetWriter w) => w.Write(1.5), "CB3FF8000000000000", 9),
        ("null string", (ref NetWriter w) => w.Write((string?)null), "C0", 1),
        ("str 0", (ref NetWriter w) => w.Write(""), "A0", 1),
        ("str 31", (ref NetWriter w) => w.Write(new string('x', 31)), "BF78", 32),
        ("str 32", (ref NetWriter w) => w.Write(new string('x', 32)), "D92078", 34),
        ("str 255", (ref NetWriter w) => w.Write(new string('x', 255)), "D9FF78", 257),
        ("str 256", (ref NetWriter w) => w.Write(new string('x', 256)), "DA010078", 259),
        ("str 65535", (ref NetWriter w) => w.Write(new string('x', 65_535)), "DAFFFF78", 65_538),
        ("str 65536", (ref NetWriter w) => w.Write(new string('x', 65_536)), "DB0001000078", 65_541),
        ("str of 2-byte letters", (ref NetWriter w) => w.Write("ééééééééééééééé"), "BEC3A9", 31),
        ("half a surrogate pair", (ref NetWriter w) => w.Write("\uD800"), "A3EFBFBD", 4),
        ("utf8", (ref NetWriter w) => w.WriteUtf8("hé"u8), "A368C3A9", 4),
        ("null bin", (ref NetWriter w) => w.WriteBinary((byte[]?)null), "C0", 1),
        ("bin 0", (ref NetWriter w) => w.WriteBinary([]), "C400", 2),
        ("bin 255", (ref NetWriter w) => w.WriteBinary(new byte[255]), "C4FF00", 257),
        ("bin 256", (ref NetWriter w) => w.WriteBinary(new byte[256]), "C5010000", 259),
        ("bin 65535", (ref NetWriter w) => w.WriteBinary(new byte[65_535]), "C5FFFF00", 65_538),
        ("bin 65536", (ref NetWriter w) => w.WriteBinary(new byte[65_536]), "C60001000000", 65_541),
        ("array 15", (ref NetWriter w) => w.WriteArrayHeader(15), "9F", 1),
        ("array 16", (ref NetWriter w) => w.WriteArrayHeader(16), "DC0010", 3),
        ("array 65535", (ref NetWriter w) => w.WriteArrayHeader(65_535), "DCFFFF", 3),
        ("array 65536", (ref NetWriter w) => w.WriteArrayHeader(65_536), "DD00010000", 5),
        ("map 15", (ref NetWriter w) => w.WriteMapHeader(15), "8F", 1),
        ("map 16", (ref NetWriter w) => w.WriteMapHeader(16), "DE0010", 3),
        ("map 65536", (ref NetWriter w) => w.WriteMapHeader(65_536), "DF00010000", 5),
        ("ext 0", (ref NetWriter w) => w.WriteExtension(5, []), "C70005", 3),
        ("ext 1", (ref NetWriter w) => w.WriteExtension(5, new byte[1]), "D40500", 3),
        ("ext 2", (ref NetWriter w) => w.WriteExtension(5, new byte[2]), "D50500", 4),
        ("ext 3", (ref NetWriter w) => w.WriteExtension(5, new byte[3]), "C7030500", 6),
        ("ext 4", (ref NetWriter w) => w.WriteExtension(5, new byte[4]), "D60500", 6),
        ("ext 8", (ref NetWriter w) => w.WriteExtension(-5, new byte[8]), "D7FB00", 10),
        ("ext 16", (ref NetWriter w) => w.WriteExtension(5, new byte[16]), "D80500", 18),
        ("ext 255", (ref NetWriter w) => w.WriteExtension(5, new byte[255]), "C7FF0500", 258),
        ("ext 256", (ref NetWriter w) => w.WriteExtension(5, new byte[256]), "C801000500", 260),
        ("ext 65536", (ref NetWriter w) => w.WriteExtension(5, new byte[65_536]), "C9000100000500", 65_542),
        ("1970", (ref NetWriter w) => w.Write(DateTime.UnixEpoch), "D6FF00000000", 6),
        ("1970 and a tick", (ref NetWriter w) => w.Write(DateTime.UnixEpoch.AddTicks(1)), "D7FF0000019000000000", 10),
        ("a tick before 1970", (ref NetWriter w) => w.Write(DateTime.UnixEpoch.AddTicks(-1)), "C70CFF3B9AC99CFFFFFFFFFFFFFFFF", 15),
        ("year 9999", (ref NetWriter w) => w.Write(DateTime.MaxValue), "C70CFF3B9AC99C0000003AFFF4417F", 15),
        ("offset", (ref NetWriter w) => w.Write(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.FromMinutes(-90))), "92D6FF00000000D0A6", 9),
        ("raw", (ref NetWriter w) => w.WriteRaw([0x91, 0x01]), "9101", 2),
    ];

    private static IEnumerable<TestCaseData> Vectors() =>
        KnownForms.Select(vector => new TestCaseData(vector.Write, vector.StartsWith, vector.Length).SetArgDisplayNames(vector.Name));

    [TestCaseSource(nameof(Vectors))]
    public void Write_Value_IsTheShortestForm(object encoder, string startsWith, int length)
    {
        byte[] written = Encode((Encoder)encoder, new byte[70_000]);
        Assert.That(written, Has.Length.EqualTo(length));
        Assert.That(Convert.ToHexString(written), Does.StartWith(startsWith));
    }

    [TestCaseSource(nameof(Vectors))]
    public void Write_ExactRoom_Fits(object encoder, string startsWith, int length) =>
        Assert.That(Convert.ToHexString(Encode((Encoder)encoder, new byte[length])), Does.StartWith(startsWith));

    [TestCaseSource(nameof(Vectors))]
    public void Write_TooLittleRoom_OverflowsForGood(object encoder, string startsWith, int length)
    {
        Assert.That(startsWith, Is.Not.Empty);
        foreach (int room in Enumerable.Range(0, Math.Min(length, 300)).Append(length - 1))
        {
            NetWriter writer = new(new byte[room]);
            ((Encoder)encoder)(ref writer);
            Assert.That(writer.Overflowed, Is.True, $"{room} bytes of room");
            Assert.That(writer.BytesWritten, Is.LessThanOrEqualTo(room));
            int before = writer.BytesWritten;
            writer.WriteNil();
            Assert.That(writer.BytesWritten, Is.EqualTo(before));
            Assert.That(writer.Written.Length, Is.EqualTo(before));
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void Write_GrowingMemory_GivesTheSame(object encoder, string startsWith, int length)
    {
        Assert.That(startsWith, Is.Not.Empty);
        GrowingBuffer buffer = new(limit: length);
        NetWriter writer = new(buffer, buffer.Memory);
        ((Encoder)encoder)(ref writer);
        Assert.That(writer.Overflowed, Is.False);
        Assert.That(writer.Written.ToArray(), Is.EqualTo(Encode((Encoder)encoder, new byte[70_000])));
        Assert.That(buffer.Memory.AsSpan(0, writer.BytesWritten).SequenceEqual(writer.Written), Is.True);
        writer.WriteNil();
        Assert.That(writer.Overflowed, Is.True, "the limit is reached");
    }

    [Test]
    public void WriteRaw_MemoryLargerThanSource_AdvancesByTheSource()
    {
        byte[] memory = new byte[16];
        NetWriter writer = new(memory);
        writer.WriteRaw([1, 2, 3]);
        Assert.That(writer.BytesWritten, Is.EqualTo(3));
        writer.WriteNil();
        Assert.That(writer.Written.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 0xC0 }));
    }

    [Test]
    public void Write_LocalTime_IsConvertedToUtc()
    {
        DateTime local = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Local);
        NetWriter writer = new(new byte[16]);
        writer.Write(local);
        NetReader reader = new(writer.Written);
        Assert.That(reader.TryRead(out DateTime read), Is.True);
        Assert.That(read, Is.EqualTo(local.ToUniversalTime()));
        Assert.That(read.Kind, Is.EqualTo(DateTimeKind.Utc));
    }

    private static byte[] Encode(Encoder encoder, byte[] memory)
    {
        NetWriter writer = new(memory);
        encoder(ref writer);
        Assert.That(writer.Overflowed, Is.False);
        return writer.Written.ToArray();
    }

    // The header is estimated from the number of characters; at these lengths the estimate is right or wrong.
    [TestCase('x', 1)]
    [TestCase('\u00E9', 2)]
    [TestCase('\u20AC', 3)]
    public void Write_StringAroundEachHeader_IsTheSameInAnyRoom(char unit, int unitBytes)
    {
        foreach (int bytes in new[] { 0, 30, 31, 32, 33, 254, 255, 256, 258, 65_534, 65_535, 65_536, 65_538 })
        {
            string text = new(unit, bytes / unitBytes);
            byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(text);
            int header = utf8.Length <= 31 ? 1 : utf8.Length <= 255 ? 2 : utf8.Length <= 65_535 ? 3 : 5;
            byte[] expected = new byte[header + utf8.Length];
            NetWriter exact = new(expected);
            exact.WriteUtf8(utf8);
            for (int room = Math.Max(0, expected.Length - 3); room <= expected.Length + 4; room++)
            {
                NetWriter writer = new(new byte[room]);
                writer.Write(text);
                Assert.That(writer.Overflowed, Is.EqualTo(room < expected.Length), $"{utf8.Length} bytes in {room}");
                Assert.That(writer.Overflowed || writer.Written.SequenceEqual(expected), Is.True, $"{utf8.Length} bytes in {room}");
                Assert.That(writer.BytesWritten, Is.EqualTo(writer.Overflowed ? 0 : expected.Length));
            }
        }
    }

    [Test]
    public void Write_HalfOfASurrogatePair_IsTheReplacementCharacter()
    {
        NetWriter writer = new(new byte[16]);
        writer.Write("a\uD800b");
        Assert.That(Convert.ToHexString(writer.Written), Is.EqualTo("A561EFBFBD62"));
    }

    [Test]
    public void Write_KeptAndMoreThanItsRoom_TakesMemoryInProportion()
    {
        const int Numbers = 1_000;
        NetWriter writer = new(new byte[16]);
        Assert.That(writer.TryKeep(), Is.True);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Numbers; i++)
        {
            writer.Write(1_000_000 + i);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(writer.HasSpilled, Is.True);
        Assert.That(writer.BytesWritten, Is.EqualTo(5 * Numbers));
        Assert.That(allocated, Is.LessThan(8 * writer.BytesWritten));
        NetReader reader = new(writer.Written);
        for (int i = 0; i < Numbers; i++)
        {
            Assert.That(reader.TryRead(out int number) && number == 1_000_000 + i, Is.True, $"number {i}");
        }
    }
}

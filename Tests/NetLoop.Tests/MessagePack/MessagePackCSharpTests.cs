using Annotated;
using MessagePack;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>Types annotated for MessagePack-CSharp: both libraries write the same bytes and read what the other wrote.</summary>
[Parallelizable]
public sealed class MessagePackCSharpTests
{
    [Test]
    public void Structs_BothLibraries_AgreeOnEveryWidth()
    {
        foreach (uint tick in new uint[] { 0, 127, 128, 255, 256, 65_535, 65_536, uint.MaxValue })
        {
            AssertSame(new Step(tick, 1.5f, -2.25, (byte)tick));
        }

        AssertSame(new Step(1, float.NaN, double.NegativeInfinity, 255));
    }

    [Test]
    public void Integers_BothLibraries_AgreeAtEveryBorder()
    {
        long[] borders =
        [
            0,
            31,
            32,
            33,
            127,
            128,
            129,
            255,
            256,
            32_767,
            32_768,
            65_535,
            65_536,
            int.MaxValue,
            1L + int.MaxValue,
            uint.MaxValue,
            1L + uint.MaxValue,
            long.MaxValue,
        ];
        foreach (long border in borders.SelectMany(border => (long[])[border, -border, -border - 1]))
        {
            AssertSame(new Integers(
                (sbyte)border, (short)border, (int)border, border, (byte)border, (ushort)border, (uint)border, (ulong)border, (char)border, border > 0,
                (Mood)border));
        }
    }

    [Test]
    public void HolesAndNames_BothLibraries_Agree()
    {
        AssertSame(new Holes());
        AssertSame(new Holes { Text = "text", Number = -70_000, Step = new(1, 2, 3, 4), Inner = new() { Text = "" } });
        AssertSame(new Titled { Id = long.MinValue, Name = "\u20AC", Tags = ["a", new('b', 40), new('c', 300)] });
        AssertSame(new Spelled { Count = ulong.MaxValue, Mood = Mood.Calm });
        AssertSame(new Built(4, "four"));
    }

    [Test]
    public void Collections_BothLibraries_Agree()
    {
        AssertSame(new Shapes());
        AssertSame(new Shapes
        {
            Array = [.. Enumerable.Range(-10, 70)],
            List = [new(1, 2, 3, 4), default],
            Set = ["one", "two"],
            Dictionary = new() { [1] = "x", [-70_000] = null },
            ReadOnlyList = [1, 0.1],
            Queue = new([1, 2, 3]),
            Stack = new([1, 2, 3]),
            ImmutableArray = [1, 2],
            ImmutableList = ["x"],
            Bytes = new byte[300],
            Memory = new byte[] { 1, 2 },
            ReadOnlyMemory = new byte[] { 3 },
            Tuple = (5, "five"),
            Pair = new("key", 6),
            Interface = new Dictionary<string, Step> { ["a"] = new(1, 2, 3, 4) },
            Linked = new([1, 2]),
        });
    }

    [Test]
    public void Tuples_OfAnySize_BothLibrariesAgree()
    {
        AssertSame(new Tuples());
        AssertSame(
            new Tuples
            {
                One = new(5),
                Eight = (1, 2, 3, 4, 5, 6, 7, "x"),
                Twelve = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
                Objects = new(1, 2, 3, 4, 5, 6, 7, new(8, "y")),
            });
    }

    [Test]
    public void Values_BothLibraries_Agree()
    {
        AssertSame(new Scalars());
        AssertSame(new Scalars
        {
            Guid = new("00112233-4455-6677-8899-aabbccddeeff"),
            Decimal = -1234567.890m,
            Big = -(System.Numerics.BigInteger.One << 200),
            Version = new(1, 2, 3, 4),
            Uri = new("https://example.org/a?b=c"),
            Time = new(2026, 11, 25, 17, 30, 5, 123, DateTimeKind.Utc),
            Offset = new(2026, 11, 25, 17, 30, 5, TimeSpan.FromMinutes(-90)),
            Span = TimeSpan.FromTicks(-123_456_789),
            Date = new(2026, 11, 25),
            OfDay = new(23, 59, 59),
            Half = (Half)1.5f,
            Complex = new(1, -2),
        });
    }

    [Test]
    public void UnionsAndGenerics_BothLibraries_Agree()
    {
        AssertSame(new Den(new Hound("Rex"), [new Lynx(9), new Hound("Bo")]));
        AssertSame(new Den(null, []));
        AssertSame(new Crates(new(1, 2), new("text", 3)));
    }

    [Test]
    public void Versions_OldAndNewWithBothLibraries_ReadWhatTheyKnow()
    {
        byte[] older = MessagePackSerializer.Serialize(new Older(1, "b"));
        byte[] newer = MessagePackSerializer.Serialize(new Newer(1, "b", [3], 4));
        Assert.That(NetMessagePack.TryDeserialize(newer, out Older old), Is.True);
        Assert.That(old, Is.EqualTo(MessagePackSerializer.Deserialize<Older>(newer)).And.EqualTo(new Older(1, "b")));
        Assert.That(NetMessagePack.TryDeserialize(older, out Newer made), Is.True);
        Assert.That(made, Is.EqualTo(MessagePackSerializer.Deserialize<Newer>(older)).And.EqualTo(new Newer(1, "b", null, 0)));
    }

    // Values are compared by their bytes: collections have no equality of their own.
    private static void AssertSame<T>(T value)
        where T : INetContract<T>
    {
        byte[] theirs = MessagePackSerializer.Serialize(value);
        byte[] ours = NetMessagePack.Serialize(value);
        Assert.That(Convert.ToHexString(ours), Is.EqualTo(Convert.ToHexString(theirs)), $"{value}");
        Assert.That(NetMessagePack.TryDeserialize(theirs, out T? read, out DecodeStatus status), Is.True, $"{status}: {value}");
        Assert.That(Convert.ToHexString(NetMessagePack.Serialize(read!)), Is.EqualTo(Convert.ToHexString(ours)));
        Assert.That(Convert.ToHexString(MessagePackSerializer.Serialize(MessagePackSerializer.Deserialize<T>(ours))), Is.EqualTo(Convert.ToHexString(ours)));
    }
}

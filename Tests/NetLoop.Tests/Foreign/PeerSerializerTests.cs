using System.Numerics;
using MessagePack;
using MessagePack.Formatters;
using NUnit.Framework;

namespace NetLoop.Tests.Foreign;

/// <summary>The serializer between the engine's reader and writer: whatever a peer sends, the result is a value or a status.</summary>
[Parallelizable]
public sealed class PeerSerializerTests
{
    private const int SmallStackBytes = 256 * 1024;

    private static readonly DecodeLimits AnySize = new()
    {
        MaxItems = int.MaxValue,
        MaxStringBytes = int.MaxValue,
        MaxBinaryBytes = int.MaxValue,
    };

    [Test]
    public void Write_AnyValue_IsWhatTheSerializerWrites()
    {
        var value = new Workshop { Grid = new[,] { { 1, 2, 3 } }, Notes = { ["n"] = null, ["d"] = 1.5 }, Flags = new([true]) };
        Assert.That(Written(value), Is.EqualTo(MessagePackSerializer.Serialize(value)));
        int[,] large = new int[300, 300];
        large[7, 9] = 70_000;
        Assert.That(Written(large), Is.EqualTo(MessagePackSerializer.Serialize(large)));
    }

    [Test]
    public void Write_MoreThanTheWriterHolds_Overflows()
    {
        NetWriter writer = new(new byte[100]);
        MessagePackSerializerCodec.Write(ref writer, new int[300, 300]);
        Assert.That(writer.Overflowed, Is.True);
        Assert.That(writer.BytesWritten, Is.Zero);
    }

    [Test]
    public void Write_FormatterThatWritesNoValueOrTwo_Throws()
    {
        foreach (int values in new[] { 0, 2 })
        {
            NetWriter writer = new(new byte[100]);
            try
            {
                MessagePackSerializerCodec.Write(ref writer, new Sloppy(values));
                Assert.Fail($"{values} values were written as one");
            }
            catch (MessagePackSerializationException mistake)
            {
                Assert.That(mistake.Message, Does.Contain("something else than one MessagePack value"));
            }
        }
    }

    [Test]
    public void OneValue_AnyBytes_SaysWhatSkippingSays()
    {
        // All pairs of bytes with something after them, and values with one byte changed: as one value, or as none.
        byte[] value = MessagePackSerializer.Serialize(
            new Dictionary<string, object?> { ["a"] = new byte[300], ["b"] = new[] { 1, 70_000 }, ["c"] = 1.5, ["d"] = DateTime.UnixEpoch });
        byte[] bytes = [0, 0, 0, 1, 2, 3];
        for (int first = 0; first < 65_536; first++)
        {
            (bytes[0], bytes[1]) = ((byte)(first >> 8), (byte)first);
            AssertOneValue(bytes);
            byte[] changed = [.. value];
            changed[first % value.Length] = (byte)(first / value.Length);
            AssertOneValue(changed);
        }

        AssertOneValue([]);
        AssertOneValue(value);
    }

    [Test]
    public void TryRead_EveryPrefix_IsAStatus()
    {
        byte[] bytes = MessagePackSerializer.Serialize(new Workshop { Grid = new[,] { { 1 } }, Notes = { ["n"] = "text" }, Flags = new([true]), Next = new() });
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(Read<Workshop>(bytes[..length]), Is.EqualTo(DecodeStatus.EndOfData), $"{length} bytes");
        }

        Assert.That(Read<Workshop>(bytes), Is.EqualTo(DecodeStatus.Ok));
    }

    [Test]
    public void TryRead_EveryChangedByte_NeverThrows()
    {
        byte[] bytes = MessagePackSerializer.Serialize(
            new Workshop { Grid = new[,] { { 1 } }, Notes = { ["n"] = 1.5, ["m"] = null }, Flags = new([true]), Next = new() });
        for (int at = 0; at < bytes.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. bytes];
                changed[at] = (byte)value;
                Assert.DoesNotThrow(() => Read<Workshop>(changed), $"byte {at} is {value:X2}");
            }
        }
    }

    [Test]
    public void TryRead_BeyondALimit_FailsBeforeTheSerializerSeesIt()
    {
        DecodeLimits limits = new() { MaxItems = 4, MaxStringBytes = 5, MaxBinaryBytes = 6, MaxDepth = 3 };
        Assert.Multiple(() =>
        {
            Assert.That(Read<List<int>>(MessagePackSerializer.Serialize(new List<int> { 1, 2, 3, 4 }), limits), Is.EqualTo(DecodeStatus.Ok));
            Assert.That(Read<List<int>>(MessagePackSerializer.Serialize(new List<int> { 1, 2, 3, 4, 5 }), limits), Is.EqualTo(DecodeStatus.TooLong));
            Assert.That(Read<string>(MessagePackSerializer.Serialize("12345"), limits), Is.EqualTo(DecodeStatus.Ok));
            Assert.That(Read<string>(MessagePackSerializer.Serialize("123456"), limits), Is.EqualTo(DecodeStatus.TooLong));
            Assert.That(Read<List<byte[]>>(MessagePackSerializer.Serialize(new List<byte[]> { new byte[6] }), limits), Is.EqualTo(DecodeStatus.Ok));
            Assert.That(Read<List<byte[]>>(MessagePackSerializer.Serialize(new List<byte[]> { new byte[7] }), limits), Is.EqualTo(DecodeStatus.TooLong));
            Assert.That(Read<Chain>(Nested(3), limits), Is.EqualTo(DecodeStatus.Ok));
            Assert.That(Read<Chain>(Nested(4), limits), Is.EqualTo(DecodeStatus.TooDeep));
            Assert.That(Read<Chain>(Nested(200)), Is.EqualTo(DecodeStatus.TooDeep), "by default");
            Assert.That(Read<Chain>(Nested(200), new DecodeLimits { MaxDepth = 300 }), Is.EqualTo(DecodeStatus.Ok), "limits can be raised");
            Assert.That(Read<string>([0xA1, 0xFF]), Is.EqualTo(DecodeStatus.InvalidUtf8));
        });
    }

    [TestCase(64)]
    [TestCase(DecodeLimits.MaxDepthCeiling)]
    public void TryRead_DeepestOnASmallStack_EndsBeforeTheStackDoes(int depth)
    {
        // Each level of the second takes about 7 KB of stack: without a check, the process would end here.
        DecodeLimits limits = new() { MaxDepth = depth };
        Assert.That(OnASmallStack(() => Read<Chain>(Nested(depth), limits)), Is.EqualTo(DecodeStatus.Ok).Or.EqualTo(DecodeStatus.TooDeep));
        Assert.That(OnASmallStack(() => Read<WideChain>(Nested(depth), limits)), Is.EqualTo(DecodeStatus.TooDeep));
    }

    [Test]
    public void TryRead_EmptyArrayOfManyRows_IsMalformed()
    {
        Assert.That(Read<int[,]>([0x93, 0xCE, 0x3B, 0x9A, 0xCA, 0x00, 0x00, 0x90]), Is.EqualTo(DecodeStatus.Malformed), "1,000,000,000 rows of nothing");
        Assert.That(Read<int[,,]>([0x94, 0xCD, 0xFF, 0xFF, 0xCD, 0xFF, 0xFF, 0x00, 0x90]), Is.EqualTo(DecodeStatus.Malformed));
        Assert.That(Read<int[,]>([0x93, 0x05, 0x00, 0x90]), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Read<int[,]>([0x93, 0x01, 0x02, 0x92, 0x07, 0x08]), Is.EqualTo(DecodeStatus.Ok));
    }

    [Test]
    public void Write_ACircle_IsAnExceptionOfTheSender()
    {
        Chain circle = new();
        circle.Next = circle;
        Exception? failure = OnASmallStack(() => Assert.Throws<MessagePackSerializationException>(() => Written(circle)));
        Assert.That(failure!.GetBaseException(), Is.InstanceOf<InsufficientExecutionStackException>());
    }

    [Test]
    public void TryRead_FewBytesThatBecomeMuchMemory_AreTooLarge()
    {
        byte[] bytes = [0xDC, 0x40, 0x00, .. Enumerable.Repeat((byte)0x90, 0x4000)]; // 16 KiB of objects of 10 KiB each
        Assert.That(Read<List<Fat>>(bytes), Is.EqualTo(DecodeStatus.TooLarge));
        Assert.That(Read<List<Fat>>([0x92, 0x90, 0x90]), Is.EqualTo(DecodeStatus.Ok), "a few of them are within what any message may take");
        Assert.That(Read<List<Fat>>(bytes, new DecodeLimits { MaxDecodedBytesPerByte = 20_000 }), Is.EqualTo(DecodeStatus.Ok), "limits can be raised");
    }

    [Test]
    public void TryRead_NilOfANonNullableType_IsNoValue()
    {
        Assert.That(Read<Workshop>([0xC0]), Is.EqualTo(DecodeStatus.WrongType));
        Assert.That(Read<int?>([0xC0]), Is.EqualTo(DecodeStatus.WrongType));
    }

    [Test]
    public void TryRead_ConstructorThrows_IsAnInvalidValue() =>
        Assert.That(Read<Positive>([0x91, 0xFF]), Is.EqualTo(DecodeStatus.InvalidValue));

    [Test]
    public void TryRead_TypeNamedByThePeer_IsRejected()
    {
        byte[] named = MessagePackSerializer.Typeless.Serialize(new Version(1, 2));
        Assert.That(Read<Trusting>([0x91, .. named]), Is.EqualTo(DecodeStatus.Malformed));
    }

    [Test]
    public void TryRead_KeysOfOneHash_AreReadInLinearTime()
    {
        // Longs that a plain hash puts into one bucket: the serializer must be in its mode for untrusted data.
        var keys = Enumerable.Range(0, 5_000).Select(i => ((long)i << 32) | (uint)i).ToDictionary(key => key, _ => 0);
        NetReader reader = new(MessagePackSerializer.Serialize(keys));
        Assert.That(MessagePackSerializerCodec.TryRead(ref reader, out Dictionary<long, int>? read), Is.True);
        Assert.That(read!.Comparer, Is.Not.SameAs(EqualityComparer<long>.Default));
    }

    [Test]
    public void WriteAndRead_Struct_AllocateNothing()
    {
        byte[] memory = new byte[100];
        bool isRead = true;
        Assert.That(Allocations.Of(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                NetWriter writer = new(memory);
                MessagePackSerializerCodec.Write(ref writer, (i, 2.5f, DateTime.UnixEpoch));
                NetReader reader = new(writer.Written);
                isRead &= MessagePackSerializerCodec.TryRead(ref reader, out (int, float, DateTime) _);
            }
        }), Is.Zero);
        Assert.That(isRead, Is.True);
    }

    [Test]
    public void Codec_WithOptions_UsesThem()
    {
        NetWriter writer = new(new byte[100]);
        MessagePackSerializerCodec<RungOptions>.Write(ref writer, new Rung(3, "ash"));
        NetReader reader = new(writer.Written);
        Assert.That(MessagePackSerializerCodec<RungOptions>.TryRead(ref reader, out Rung read), Is.True);
        Assert.That(read, Is.EqualTo(new Rung(3, "ash")));
    }

    private static byte[] Written<T>(T value)
    {
        NetWriter writer = new(new byte[1 << 20]);
        MessagePackSerializerCodec.Write(ref writer, value);
        return writer.Written.ToArray();
    }

    private static DecodeStatus Read<T>(byte[] bytes, DecodeLimits? limits = null)
    {
        NetReader reader = new(bytes, limits ?? DecodeLimits.Default);
        bool isRead = MessagePackSerializerCodec.TryRead(ref reader, out T? value);
        Assert.That(isRead, Is.EqualTo(reader.Status == DecodeStatus.Ok));
        Assert.That(isRead || EqualityComparer<T>.Default.Equals(value, default), Is.True, "a value that is none");
        return reader.Status;
    }

    private static void AssertOneValue(byte[] bytes)
    {
        NetReader reader = new(bytes, AnySize);
        bool isOne = reader.TrySkip() && reader.TryEnd();
        if (reader.Status != DecodeStatus.InvalidUtf8 && OneValue.Is(bytes) != isOne) // It does not check text.
        {
            Assert.Fail($"{Convert.ToHexString(bytes)} is {(isOne ? "one value" : "no value")}");
        }
    }

    private static T OnASmallStack<T>(Func<T> run)
    {
        T result = default!;
        Thread small = new(() => result = run(), SmallStackBytes);
        small.Start();
        small.Join();
        return result;
    }

    private static byte[] Nested(int depth) => [.. Enumerable.Repeat((byte)0x91, depth), 0xC0];

    [MessagePackObject]
    public sealed class Chain
    {
        [Key(0)]
        public Chain? Next { get; set; }
    }

    [MessagePackObject]
    public sealed class Positive
    {
        public Positive(int number)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            Number = number;
        }

        [Key(0)]
        public int Number { get; }
    }

    /// <summary>Takes much stack while it is read.</summary>
    [MessagePackObject]
    public sealed class WideChain
    {
        [Key(0)]
        public WideChain? Next { get; set; }

        [Key(1)]
        public Wide M1 { get; set; }

        [Key(2)]
        public Wide M2 { get; set; }

        [Key(3)]
        public Wide M3 { get; set; }

        [Key(4)]
        public Wide M4 { get; set; }

        [Key(5)]
        public Wide M5 { get; set; }

        [Key(6)]
        public Wide M6 { get; set; }

        [Key(7)]
        public Wide M7 { get; set; }

        [Key(8)]
        public Wide M8 { get; set; }

        [Key(9)]
        public Wide M9 { get; set; }

        [Key(10)]
        public Wide M10 { get; set; }

        [Key(11)]
        public Wide M11 { get; set; }

        [Key(12)]
        public Wide M12 { get; set; }

        [Key(13)]
        public Wide M13 { get; set; }

        [Key(14)]
        public Wide M14 { get; set; }

        [Key(15)]
        public Wide M15 { get; set; }

        [Key(16)]
        public Wide M16 { get; set; }
    }

    [MessagePackObject]
    public readonly record struct Wide(
        [property: Key(0)] Matrix4x4 A, [property: Key(1)] Matrix4x4 B, [property: Key(2)] Matrix4x4 C, [property: Key(3)] Matrix4x4 D,
        [property: Key(4)] Matrix4x4 E, [property: Key(5)] Matrix4x4 F, [property: Key(6)] Matrix4x4 G);

    /// <summary>Takes much memory without a byte on the wire.</summary>
    [MessagePackObject]
    public sealed class Fat
    {
        [Key(0)]
        public byte[] Room { get; set; } = new byte[10_000];
    }

    /// <summary>Its formatter creates any type that the sender names.</summary>
    [MessagePackObject]
    public sealed class Trusting
    {
        [Key(0)]
        [MessagePackFormatter(typeof(TypelessFormatter))]
        public object? Anything { get; set; }
    }

    [MessagePackFormatter(typeof(SloppyFormatter))]
    public readonly record struct Sloppy(int Values);

    public sealed class SloppyFormatter : IMessagePackFormatter<Sloppy>
    {
        public void Serialize(ref MessagePackWriter writer, Sloppy value, MessagePackSerializerOptions options)
        {
            for (int i = 0; i < value.Values; i++)
            {
                writer.Write(i);
            }
        }

        public Sloppy Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => new(reader.ReadInt32());
    }
}

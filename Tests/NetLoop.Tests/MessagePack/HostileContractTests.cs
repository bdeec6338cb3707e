using System.Text;
using NetLoop.CompilerServices;
using NetLoop.Tests.Generators;
using NetLoop.Tests.MessagePack.Peers;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>
/// Published attacks on other MessagePack libraries, second half: contracts, collections and strings. The comments name the published weaknesses.
/// </summary>
public sealed class HostileContractTests
{
    // CWE-789: an array was allocated for the dimensions before its elements. Arrays of more than one rank are not supported (NL0004).
    [TestCase("93CE000007D0CE000007D090")]
    [TestCase("93FFFF90")]
    [TestCase("93CE80000000CE8000000090")]
    public void DimensionsOfAnArray_AreNotBelieved(string hex) =>
        AssertRefused<Collections>("9A909090808090909090" + hex, DecodeStatus.WrongType);

    // CVE-2026-48109 and CWE-409: compressed blocks. Compression is not supported, so they are extensions that no contract has.
    [TestCase("C70663D27FFFFFFF00")]
    [TestCase("92C70562D27FFFFFFFC40100")]
    public void CompressedBlocks_AreRefusedWithoutMemory(string hex)
    {
        AssertRefused<Tree>(hex, DecodeStatus.WrongType);
        AssertRefused<Profile>(hex, DecodeStatus.WrongType);
        Assert.That(EngineTypes().Select(type => type.Name), Has.None.Contains("LZ4").And.None.Contains("Compress"));
    }

    // CWE-407: reading a map took time quadratic in its pairs.
    [Test]
    public void MapOfUnknownAndRepeatedNames_IsReadOnce()
    {
        const int pairs = 30_000;
        NetWriter writer = new(new byte[pairs * 16]);
        writer.WriteMapHeader(pairs + 2);
        writer.WriteUtf8("name"u8);
        writer.Write("first");
        for (int number = 0; number < pairs; number++)
        {
            writer.Write($"x{number % 100}");
            writer.Write(number);
        }

        writer.WriteUtf8("name"u8);
        writer.Write("last");
        Assert.That(NetMessagePack.TryDeserialize(writer.Written, out Profile? profile), Is.True);
        Assert.That(profile!.Name, Is.EqualTo("last"), "of equal names the last counts");
        Assert.That(profile.Motto, Is.EqualTo("none"), "what is absent is the default");
    }

    // CWE-674: the array around the value of a union was not counted. Each kennel is three levels deep: the union, its members, its list.
    [Test]
    public void UnionsInUnions_CountEachOfTheirArrays()
    {
        byte[] level = [0x92, 0x07, 0x91, 0x91];
        byte[] cat = [0x92, 0x01, 0x91, 0x07];
        byte[] allowed = [.. Enumerable.Repeat(level, 20).SelectMany(bytes => bytes), .. cat];
        Assert.That(NetMessagePack.TryDeserialize(allowed, out IPet? _, out DecodeStatus status), Is.True, status.ToString());
        byte[] tooDeep = [.. Enumerable.Repeat(level, 21).SelectMany(bytes => bytes), .. cat];
        Assert.That(NetMessagePack.TryDeserialize(tooDeep, out IPet? _, out status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.TooDeep));
    }

    // Conversion to JSON recursed; typeless values loaded any type. Neither exists here.
    [Test]
    public void JsonAndTypelessValues_DoNotExist()
    {
        Assert.That(EngineTypes().SelectMany(type => type.GetMethods()).Select(method => method.Name), Has.None.Contains("Json"));
        Type[] formatted =
        [
            .. typeof(NetFormatters).GetNestedTypes()
                .SelectMany(type => type.GetInterfaces())
                .Where(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(INetFormatter<>))
                .Select(implemented => implemented.GenericTypeArguments[0]),
        ];
        Assert.That(formatted, Is.Not.Empty);
        Assert.That(formatted, Has.None.EqualTo(typeof(object)).And.None.EqualTo(typeof(Type)));
    }

    // Raw bytes advanced the writer by their own length instead of the written length.
    [Test]
    public void WriterAdvances_ByWhatIsThere([Range(0, 40)] int length)
    {
        byte[] data = new byte[length];
        data.AsSpan().Fill(0x2A);
        foreach (int room in new[] { length, length + 1, length + 100, Math.Max(0, length - 1) })
        {
            byte[] memory = new byte[room];
            NetWriter writer = new(memory);
            writer.WriteRaw(data);
            Assert.That(writer.Overflowed, Is.EqualTo(room < length));
            Assert.That(writer.BytesWritten, Is.LessThanOrEqualTo(room));
            Assert.That(memory.AsSpan(writer.BytesWritten).IndexOfAnyExcept((byte)0), Is.EqualTo(-1), "nothing lies behind what was written");
            Assert.That(writer.Overflowed || writer.Written.SequenceEqual(data));
        }
    }

    // CWE-1188: the default trusted all peers.
    [Test]
    public void Defaults_AreForHostilePeers()
    {
        DecodeLimits limits = new SessionOptions().DecodeLimits;
        Assert.That(limits, Is.SameAs(DecodeLimits.Default));
        Assert.That((limits.MaxDepth, limits.MaxItems, limits.MaxStringBytes, limits.MaxBinaryBytes), Is.EqualTo((64, 65_536, 65_536, 65_536)));
        AssertRefused<Chain>(string.Concat(Enumerable.Repeat("91", 65)) + "C0", DecodeStatus.TooDeep);
    }

    [Test]
    public void OnAStackOf256KiB_NothingOverflows()
    {
        string folder = TestContext.CurrentContext.TestDirectory;
        string[] arguments =
        [
            "exec", "--runtimeconfig", Path.Combine(folder, "NetLoop.Tests.runtimeconfig.json"), "--depsfile", Path.Combine(folder, "NetLoop.Tests.deps.json"),
            Path.Combine(folder, "NetLoop.Fuzzing.dll"), "stack", "--inputs", "300", "--seed", "1",
        ];
        bool isWell = Peer.TryRun(Environment.ProcessPath!, arguments, [], out byte[] output, out string error);
        Assert.That(isWell, Is.True, Encoding.UTF8.GetString(output) + error);
        Assert.That(Encoding.UTF8.GetString(output), Does.Contain("stack: 300 inputs"));
    }

    // Sixty nested lists, each of which claims the same thousand bytes: each got room for a thousand items.
    [Test]
    public void NestedHeadersThatClaimTheSameBytes_ShareWhatTheyAreGiven()
    {
        byte[] level = [0x92, 0x00, 0xDC, 0x04, 0x00];
        byte[] wire = [.. Enumerable.Repeat(level, 32).SelectMany(bytes => bytes), .. new byte[1_024]];
        NetMessagePack.TryDeserialize(wire, out Tree? _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read = NetMessagePack.TryDeserialize(wire, out Tree? _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(read, Is.False);
        // In addition the objects themselves: 32 trees, twice because they have defaults, each with lists.
        Assert.That(allocated, Is.LessThan((8 * wire.Length) + 1_024 + (32 * 256)));
    }

    [TestCase("A2C328")]
    [TestCase("D902C328")]
    [TestCase("DA0002C328")]
    [TestCase("DB00000002C328")]
    public void InvalidUtf8_IsRejectedOrRaw(string hex)
    {
        byte[] wire = Convert.FromHexString(hex);
        NetReader refusing = new(wire);
        Assert.That(refusing.TryRead(out string? _), Is.False);
        Assert.That((refusing.Status, refusing.Position), Is.EqualTo((DecodeStatus.InvalidUtf8, 0)));

        NetReader raw = new(wire);
        Assert.That(raw.TryReadUtf8(out ReadOnlySpan<byte> bytes), Is.True);
        NetWriter writer = new(new byte[16]);
        writer.WriteUtf8(bytes);
        Assert.That(writer.Written.ToArray(), Is.EqualTo(Convert.FromHexString("A2C328")), "raw bytes go through unchanged");
    }

    // A null where none is allowed could be read, but not written again.
    [Test]
    public void AbsentTuples_HoldNoNull()
    {
        // Four of six members: no pair, no loop.
        byte[] wire = Convert.FromHexString("94" + "9200A0" + "97C2000000CA00000000CB000000000000000000" + "9100" + "C0");
        Assert.That(NetMessagePack.TryDeserialize(wire, out TupleTypes? read, out DecodeStatus status), Is.True, status.ToString());
        Assert.That(read!.Pair.Key, Is.Empty);
        Assert.That(NetMessagePack.TryDeserialize(NetMessagePack.Serialize(read), out TupleTypes? again), Is.True);
        Assert.That(again!.Pair, Is.EqualTo(read.Pair));
    }

    [TestCase("90", DecodeStatus.Ok, Description = "no members")]
    [TestCase("9100", DecodeStatus.Ok, Description = "the first")]
    [TestCase("920090", DecodeStatus.Ok, Description = "all")]
    [TestCase("9500900102C0", DecodeStatus.Ok, Description = "three more")]
    [TestCase("92A0A0", DecodeStatus.WrongType, Description = "of other types")]
    [TestCase("95009001C00203", DecodeStatus.TrailingData, Description = "more than counted")]
    [TestCase("950090019FC1", DecodeStatus.EndOfData, Description = "one that lies among those that are skipped")]
    [TestCase("93009091C1", DecodeStatus.Malformed, Description = "none at all among those that are skipped")]
    [TestCase("8100C0", DecodeStatus.WrongType, Description = "a map instead of an array")]
    public void OtherMembersThanKnown_AreSkippedOrDefaults(string hex, DecodeStatus expected)
    {
        NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out Tree? _, out DecodeStatus status);
        Assert.That(status, Is.EqualTo(expected));
    }

    [Test]
    public void BytesBehindTheValue_AreTrailingData()
    {
        byte[] wire = NetMessagePack.Serialize(new Tree { Value = 7 });
        Assert.That(NetMessagePack.TryDeserialize([.. wire, 0xC0], out Tree? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.TrailingData));
        Assert.That(NetMessagePack.TryDeserialize([.. wire, .. wire], out Tree? _, out status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.TrailingData));
    }

    private static Type[] EngineTypes() => typeof(NetMessagePack).Assembly.GetTypes();

    private static void AssertRefused<T>(string hex, DecodeStatus expected)
        where T : INetContract<T>
    {
        byte[] wire = Convert.FromHexString(hex);
        NetMessagePack.TryDeserialize(wire, out T? _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read = NetMessagePack.TryDeserialize(wire, out T? _, out DecodeStatus status);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(read, Is.False);
        Assert.That(status, Is.EqualTo(expected));
        Assert.That(allocated, Is.LessThan(4_096), "memory taken");
    }
}

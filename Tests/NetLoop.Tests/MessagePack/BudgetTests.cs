using System.Collections.Immutable;
using System.Numerics;
using NetLoop.CompilerServices;
using NetLoop.Tests.Generators;
using NUnit.Framework;
using F = NetLoop.CompilerServices.NetFormatters;

namespace NetLoop.Tests.MessagePack;

/// <summary>The memory of a message is limited by its length, whatever its types are; valid messages of real games stay far below the limit.</summary>
public sealed class BudgetTests
{
    private const int FrameBytes = 64 * 1_024;

    // Memory of the application's constructors, and of the test itself.
    private const int SpareBytes = 1_024;

    [Test]
    public void EmptyBytes_EachCollection_AreThoseOfItsObject()
    {
        Check<List<int>, F.List<int, F.Int32>>();
        Check<Queue<int>, F.Queue<int, F.Int32>>();
        Check<Stack<int>, F.Stack<int, F.Int32>>();
        Check<LinkedList<int>, F.LinkedList<int, F.Int32>>();
        Check<HashSet<int>, F.HashSet<int, F.Int32>>();
        Check<Dictionary<int, int>, F.Dictionary<int, int, F.Int32, F.Int32>>();

        static void Check<T, TFormatter>()
            where T : new()
            where TFormatter : INetFormatter<T>
        {
            // The first value of a type may allocate more.
            int taken = int.MaxValue;
            for (int i = 0; i < 10; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                GC.KeepAlive(new T());
                taken = Math.Min(taken, (int)(GC.GetAllocatedBytesForCurrentThread() - before));
            }

            Assert.That(TFormatter.EmptyBytes(1), Is.InRange(taken, taken + 16), typeof(T).Name);
            Assert.That(TFormatter.EmptyBytes(1) % 8, Is.Zero, typeof(T).Name);
        }
    }

    [Test]
    public void EmptyBytes_ContractWrittenByHand_AreThoseOfAnObjectAndNoneOfAStruct() =>
        Assert.That((Empty<WrittenByHand>(), Empty<StructWrittenByHand>()), Is.EqualTo((64, 0)));

    private static int Empty<T>()
        where T : INetContract<T> => T.EmptyBytes(depth: 1);

    // A list of values of one byte: each becomes many times as large in memory.
    [TestCase(0, "90")]
    [TestCase(1, "90")]
    [TestCase(2, "90")]
    [TestCase(3, "90")]
    [TestCase(3, "C0")]
    [TestCase(5, "90")]
    public void TryDeserialize_FrameOfEmptyValues_IsTooLargeAndTakesNoMoreThanItsBudget(int member, string item)
    {
        byte[] wire = Wire(member, [0xDC, 0xFD, 0xE8], Convert.FromHexString(item), 65_000);
        AssertTooLarge<Crowds>(wire);
    }

    [Test]
    public void TryDeserialize_PairsOfNil_AreTooLarge()
    {
        byte[] pairs = [.. Enumerable.Range(0, 16_000).SelectMany(key => new byte[] { 0xCD, (byte)(key >> 8), (byte)key, 0xC0 })];
        AssertTooLarge<Crowds>([0x95, 0xC0, 0xC0, 0xC0, 0xC0, 0xDE, 0x3E, 0x80, .. pairs]);
    }

    // Memory depends on the bytes that have arrived, not on the claimed length.
    [Test]
    public void TryDeserialize_CountsWithoutElements_TakeLittle([Values(0, 2, 5)] int member)
    {
        byte[] wire = Wire(member, [0xDC, 0xFD, 0xE8], [0xC1], 65_000);
        NetMessagePack.TryDeserialize(wire, out Crowds? _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(NetMessagePack.TryDeserialize(wire, out Crowds? _), Is.False);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(20 * 1_024));
    }

    [Test]
    public void TryDeserialize_BudgetOfOtherLimits_IsThatOne()
    {
        byte[] wire = Wire(0, [0xDC, 0x03, 0xE8], [0x90], 1_000);
        DecodeLimits enough = new() { MaxDecodedBytesPerByte = 1_000 };
        Assert.That(NetMessagePack.TryDeserialize(wire, enough, out Crowds? crowds, out DecodeStatus status), Is.True, status.ToString());
        Assert.That(crowds!.Heroes, Has.Count.EqualTo(1_000));
        DecodeLimits none = new() { MaxDecodedBytesPerByte = 0, MinDecodedBytes = 0 };
        Assert.That(NetMessagePack.TryDeserialize([0x90], none, out Crowds? _, out status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.TooLarge));
        Assert.That(NetMessagePack.TryDeserialize([0x92, 0x01, 0xCA, 0, 0, 0, 0], none, out Person person, out status), Is.True, "a struct takes nothing");
        Assert.That(person.Id, Is.EqualTo(1));
    }

    // As many as fit into a frame, of the smallest value of each kind. The figures are bytes of memory for each byte on the wire.
    [Test]
    public void Read_HonestFramesOfSmallValues_AreWithinTheDefaultBudget()
    {
        Assert.Multiple(() =>
        {
            Check<string, F.String>("A161", 19);
            Check<string, F.String>("A3616263", 11);
            Check<int, F.Int32>("05", 7);
            Check<long?, F.Nullable<long, F.Int64>>("C0", 19);
            Check<List<int>, F.List<int, F.Int32>>("90", 43);
            Check<List<int>, F.List<int, F.Int32>>("9105", 41);
            Check<Dictionary<int, int>, F.Dictionary<int, int, F.Int32, F.Int32>>("80", 91);
            Check<Dictionary<int, int>, F.Dictionary<int, int, F.Int32, F.Int32>>("810505", 72);
            Check<HashSet<int>, F.HashSet<int, F.Int32>>("90", 75);
            Check<HashSet<int>, F.HashSet<int, F.Int32>>("9105", 92);
            Check<LinkedList<int>, F.LinkedList<int, F.Int32>>("90", 59);
            Check<Queue<int>, F.Queue<int, F.Int32>>("90", 59);
            Check<byte[], F.Binary>("C40105", 16);
            Check<BigInteger, F.BigInteger>("C40105", 8);
            Check<Hero, F.Contract<Hero>>("96A09090809093CA00000000CA00000000CA00000000", 24);
            Check<Hero, F.Contract<Hero>>("91A3426F62", 66);
            Check<Tree, F.Contract<Tree>>("920590", 39);
            Check<PlayerMove, F.Contract<PlayerMove>>("9605CA00000000CA00000000CA00000000CA0000000005", 2);
            Check<(string, int), F.ValueTuple<string, int, F.String, F.Int32>>("92A16105", 13);
            Check<Tuple<int>, F.Tuple<int, F.Int32>>("9105", 21);
            Check<Version, F.Version>("A3312E32", 19);
            Check<Uri, F.Uri>("A8687474703A2F2F61", 42);
            CheckAll<List<int>, F.List<int, F.Int32>>("05", 7);
            CheckAll<HashSet<long>, F.HashSet<long, F.Int64>>(number => [0xCE, 0, 0, (byte)(number >> 8), (byte)number], 9);
            CheckAll<LinkedList<int>, F.LinkedList<int, F.Int32>>("05", 69);
            CheckAll<ImmutableList<int>, F.ImmutableList<int, F.Int32>>("05", 75);
            CheckAll<ImmutableHashSet<int>, F.ImmutableHashSet<int, F.Int32>>(number => [0xCD, (byte)(number >> 8), (byte)number], 23);
        });
    }

    [Test]
    public void TryDeserialize_MembersAbsent_TheConstructorRunsOnce()
    {
        Counted value = ReadCounted<Counted>("90");
        Assert.That((value.Number, value.Text, value.Promised, value.Version), Is.EqualTo((5, "initial", "", new Version(1, 2))));
        Assert.That(value.Items, Is.EqualTo(new[] { 1, 2 }));
        value = ReadCounted<Counted>("95" + "07" + "A161" + "9103" + "A162" + "C0");
        Assert.That((value.Number, value.Text, value.Promised, value.Version), Is.EqualTo((7, "a", "b", (Version?)null)));
        Assert.That(value.Items, Is.EqualTo(new[] { 3 }));
        value = ReadCounted<Counted>("92" + "07" + "A161");
        Assert.That((value.Number, value.Text, value.Promised), Is.EqualTo((7, "a", "")));
    }

    [Test]
    public void TryDeserialize_NamesAbsent_TheConstructorRunsOnce()
    {
        Assert.That(ReadCounted<CountedByName>("80"), Is.EqualTo(new CountedByName { Promised = "" }));
        Assert.That(ReadCounted<CountedByName>("81A474657874A161"), Is.EqualTo(new CountedByName { Text = "a", Promised = "" }));
        Assert.That(
            ReadCounted<CountedByName>("83A870726F6D69736564A162A474657874A161A66E756D62657207"),
            Is.EqualTo(new CountedByName { Number = 7, Text = "a", Promised = "b" }));
    }

    [Test]
    public void TryDeserialize_GenericAndDerivedContracts_AreMadeOnce()
    {
        Sealed<long> inner = ReadCounted<HoldsSealed>("919105").Inner;
        Assert.That((inner.Value, inner.Label), Is.EqualTo((5L, "none")));
        inner = ReadCounted<HoldsSealed>("919205A161").Inner;
        Assert.That((inner.Value, inner.Label), Is.EqualTo((5L, "a")));
        SealedNumber number = ReadCounted<SealedNumber>("9205A161");
        Assert.That((number.Value, number.Label, number.Unit), Is.EqualTo((5, "a", "m")));
    }

    private static T ReadCounted<T>(string hex)
        where T : INetContract<T>
    {
        Counted.Made = 0;
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out T? value, out DecodeStatus status), Is.True, status.ToString());
        Assert.That(Counted.Made, Is.EqualTo(1), "times made");
        return value!;
    }

    private static byte[] Wire(int member, byte[] header, byte[] item, int count) =>
        [(byte)(0x91 + member), .. Enumerable.Repeat((byte)0xC0, member), .. header, .. Enumerable.Repeat(item, count).SelectMany(bytes => bytes)];

    private static void AssertTooLarge<T>(byte[] wire)
        where T : INetContract<T>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(NetMessagePack.TryDeserialize(wire, out T? _, out DecodeStatus status), Is.False);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(status, Is.EqualTo(DecodeStatus.TooLarge));
        Assert.That(allocated, Is.LessThan((96 * wire.Length) + (8 * SpareBytes)));
    }

    // A list of as many items as fit into a frame.
    private static void Check<T, TFormatter>(string item, int perByte)
        where TFormatter : INetFormatter<T> => Check<List<T>, F.List<T, TFormatter>>(_ => Convert.FromHexString(item), perByte, $"{typeof(T)} of {item}");

    private static void CheckAll<T, TFormatter>(string item, int perByte)
        where TFormatter : INetFormatter<T> => CheckAll<T, TFormatter>(_ => Convert.FromHexString(item), perByte);

    private static void CheckAll<T, TFormatter>(Func<int, byte[]> item, int perByte)
        where TFormatter : INetFormatter<T> => Check<T, TFormatter>(item, perByte, typeof(T).ToString());

    private static void Check<T, TFormatter>(Func<int, byte[]> item, int perByte, string what)
        where TFormatter : INetFormatter<T>
    {
        int count = (FrameBytes - 3) / item(0).Length;
        byte[] wire = [0xDC, (byte)(count >> 8), (byte)count, .. Enumerable.Range(0, count).SelectMany(item)];
        NetReader warm = new(wire);
        TFormatter.TryRead(ref warm, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        NetReader reader = new(wire);
        bool read = TFormatter.TryRead(ref reader, out T? value) && reader.TryEnd();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(value);
        TestContext.Out.WriteLine($"{what}: {(double)allocated / wire.Length:F1} taken, {(double)reader.ChargedBytes / wire.Length:F1} charged");
        Assert.That(read, Is.True, $"{what} is {reader.Status} with {reader.ChargedBytes} charged for {wire.Length}");
        Assert.That(allocated, Is.LessThanOrEqualTo(reader.ChargedBytes + SpareBytes), $"{what}: taken beyond what was charged");
        Assert.That((double)reader.ChargedBytes / wire.Length, Is.LessThanOrEqualTo(perByte), what);
    }
}

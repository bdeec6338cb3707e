using System.Collections.Immutable;
using NetLoop.CompilerServices;
using NUnit.Framework;
using F = NetLoop.CompilerServices.NetFormatters;

namespace NetLoop.Tests.MessagePack;

/// <summary>Every collection at its limits: null, each insufficient budget, each place where it can be cut, an invalid item.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FormatterEdgeTests
{
    private const int Items = 100;
    private const int BudgetStep = 5;

    // One byte each on the wire and sixteen in memory: more than a collection may allocate for its header alone.
    private static readonly byte[] Nils = [0xDC, 0, Items, .. Enumerable.Repeat<byte>(0xC0, Items)];
    private static readonly byte[] Numbers = [0xDC, 0, Items, .. Enumerable.Range(1_000, Items).SelectMany(n => new byte[] { 0xCD, (byte)(n >> 8), (byte)n })];
    private static readonly byte[] Pairs =
    [
        0xDE, 0, Items, .. Enumerable.Range(1_000, Items).SelectMany(n => new byte[] { 0xCD, (byte)(n >> 8), (byte)n, 0xC0 })
    ];
    private static readonly byte[] Texts = [0xDC, 0, Items, .. Enumerable.Repeat<byte[]>([0xA1, (byte)'x'], Items).SelectMany(text => text)];

    private static readonly (string Name, Action Check)[] EdgeChecks =
    [
        ("array", () => Check<long?[], F.Array<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("list", () => Check<List<long?>, F.List<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("IList", () => Check<IList<long?>, F.ListInterface<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("IReadOnlyList", () => Check<IReadOnlyList<long?>, F.ReadOnlyList<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("IEnumerable", () => Check<IEnumerable<long?>, F.Enumerable<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("ICollection", () => Check<ICollection<long?>, F.Collection<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("IReadOnlyCollection", () => Check<IReadOnlyCollection<long?>, F.ReadOnlyCollection<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("queue", () => Check<Queue<long?>, F.Queue<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("stack", () => Check<Stack<long?>, F.Stack<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("linked list", () => Check<LinkedList<long?>, F.LinkedList<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("immutable array", () => Check<ImmutableArray<long?>, F.ImmutableArray<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("immutable list", () => Check<ImmutableList<long?>, F.ImmutableList<long?, F.Nullable<long, F.Int64>>>(Nils, 1)),
        ("set", () => Check<HashSet<long>, F.HashSet<long, F.Int64>>(Numbers, 3)),
        ("ISet", () => Check<ISet<long>, F.SetInterface<long, F.Int64>>(Numbers, 3)),
        ("IReadOnlySet", () => Check<IReadOnlySet<long>, F.ReadOnlySet<long, F.Int64>>(Numbers, 3)),
        ("immutable set", () => Check<ImmutableHashSet<long>, F.ImmutableHashSet<long, F.Int64>>(Numbers, 3)),
        ("dictionary", () => Check<Dictionary<long, long?>, F.Dictionary<long, long?, F.Int64, F.Nullable<long, F.Int64>>>(Pairs, 1)),
        ("IDictionary", () => Check<IDictionary<long, long?>, F.DictionaryInterface<long, long?, F.Int64, F.Nullable<long, F.Int64>>>(Pairs, 1)),
        ("IReadOnlyDictionary", () => Check<IReadOnlyDictionary<long, long?>, F.ReadOnlyDictionary<long, long?, F.Int64, F.Nullable<long, F.Int64>>>(Pairs, 1)),
        (
            "immutable dictionary",
            () => Check<ImmutableDictionary<long, long?>, F.ImmutableDictionary<long, long?, F.Int64, F.Nullable<long, F.Int64>>>(Pairs, 1)),
        ("list of strings", () => Check<List<string>, F.List<string, F.String>>(Texts, 2)),
        ("list of lists", () => Check<List<List<int>>, F.List<List<int>, F.List<int, F.Int32>>>([0x93, 0x92, 1, 2, 0x91, 3, 0x91, 4], 1)),
    ];

    private static IEnumerable<string> Names => EdgeChecks.Select(entry => entry.Name);

    [TestCaseSource(nameof(Names))]
    public void Formatter_AtItsEdges_FailsWithoutAValue(string name) => EdgeChecks.Single(entry => entry.Name == name).Check();

    [Test]
    public void Write_Null_IsTheSendersMistake()
    {
        AssertThrowsForNull<Version, F.Version>();
        AssertThrowsForNull<Uri, F.Uri>();
        AssertThrowsForNull<byte[], F.Binary>();
        AssertThrowsForNull<Crowds, F.Contract<Crowds>>();
        Assert.Throws<ArgumentNullException>(static () => NetMessagePack.Serialize<Crowds>(null!));
    }

    private static void Check<T, TFormatter>(byte[] wire, int lastItemBytes)
        where TFormatter : INetFormatter<T>
    {
        if (!typeof(T).IsValueType)
        {
            AssertThrowsForNull<T, TFormatter>();
            AssertFails<T, TFormatter>([0xC0], DecodeLimits.Default, DecodeStatus.WrongType, "nil");
        }

        AssertBudget<T, TFormatter>(wire);
        for (int length = 0; length < wire.Length; length++)
        {
            AssertFails<T, TFormatter>(wire.AsSpan(0, length), DecodeLimits.Default, DecodeStatus.EndOfData, $"cut at {length}");
        }

        byte[] bad = [.. wire];
        bad[^lastItemBytes] = 0xC1;
        AssertFails<T, TFormatter>(bad, DecodeLimits.Default, DecodeStatus.Malformed, "an item that is none");
        AssertFails<T, TFormatter>(wire, new DecodeLimits { MaxDepth = 0 }, DecodeStatus.TooDeep, "no depth");
    }

    /// <summary>With each smaller budget the value is too large; the first sufficient budget is used up exactly.</summary>
    private static void AssertBudget<T, TFormatter>(byte[] wire)
        where TFormatter : INetFormatter<T>
    {
        for (int budget = 0; ; budget += BudgetStep)
        {
            var limits = new DecodeLimits { MinDecodedBytes = budget, MaxDecodedBytesPerByte = 0 };
            var reader = new NetReader(wire, limits);
            if (TFormatter.TryRead(ref reader, out _))
            {
                Assert.That(budget, Is.Positive);
                Assert.That(reader.ChargedBytes, Is.InRange(budget - BudgetStep + 1, budget));
                Assert.That(reader.Position, Is.EqualTo(wire.Length));
                return;
            }

            AssertFails<T, TFormatter>(wire, limits, DecodeStatus.TooLarge, $"with {budget} bytes");
            Assert.That(budget, Is.LessThan(100_000));
        }
    }

    private static void AssertFails<T, TFormatter>(ReadOnlySpan<byte> wire, DecodeLimits limits, DecodeStatus status, string what)
        where TFormatter : INetFormatter<T>
    {
        var reader = new NetReader(wire, limits);
        if (TFormatter.TryRead(ref reader, out T? value) || reader.Status != status || value is not null && !typeof(T).IsValueType)
        {
            Assert.Fail($"{what}: {reader.Status} at {reader.Position}, with the value {value}");
        }
    }

    private static void AssertThrowsForNull<T, TFormatter>()
        where TFormatter : INetFormatter<T> =>
        Assert.Throws<NullMemberException>(static () =>
        {
            var writer = new NetWriter(new byte[64]);
            T none = default!;
            TFormatter.Write(ref writer, in none);
        });
}

extern alias fuzzing;

using System.Reflection;
using NetLoop.CompilerServices;
using fuzzing::NetLoop.Fuzzing.Running;
using NetLoop.MessagePack.Formatters;
using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

public sealed class NetFormattersTests
{
    private const int FloodKeys = 100_000;

    private static readonly DecodeLimits Wide = new() { MaxItems = FloodKeys };

    private delegate bool Reading<T>(ref NetReader reader, out T? value);

    // CVE-2026-48516: one of many collection types had been created with the usual comparer. Reflection finds new ones.
    [Test]
    public void EveryHashedCollection_Read_HasAKeyedComparer()
    {
        List<string> hashed = [];
        foreach (Type formatter in typeof(NetFormatters).GetNestedTypes().Where(type => type.Name is not "NullableReference`2" and not "Nullable`2"))
        {
            string[] arguments = [.. formatter.GetGenericArguments().Select(argument => argument.Name)];
            bool isSequence = arguments is ["T", "TFormatter"];
            if ((!isSequence && arguments is not ["TKey", "TValue", "TKeyFormatter", "TValueFormatter"]) || formatter.Name == "KeyValuePair`4")
            {
                continue;
            }

            Type closed = isSequence
                ? formatter.MakeGenericType(typeof(long), typeof(NetFormatters.Int64))
                : formatter.MakeGenericType(typeof(long), typeof(long), typeof(NetFormatters.Int64), typeof(NetFormatters.Int64));
            object collection = typeof(NetFormattersTests)
                .GetMethod(nameof(ReadOne), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(Formatted(closed))
                .Invoke(null, [closed, formatter.Name == "NullableParameter`2" ? [0x01] : isSequence ? new byte[] { 0x91, 0x01 } : [0x81, 0x01, 0x01]])!;
            PropertyInfo? comparer = collection.GetType().GetProperty("Comparer") ?? collection.GetType().GetProperty("KeyComparer");
            if (comparer is not null)
            {
                Assert.That(comparer.GetValue(collection), Is.InstanceOf<KeyedComparer<long>>(), formatter.Name);
                hashed.Add(formatter.Name);
            }
        }

        Assert.That(hashed, Is.EquivalentTo(new[]
        {
            "Dictionary`4", "DictionaryInterface`4", "ReadOnlyDictionary`4", "ImmutableDictionary`4",
            "HashSet`2", "SetInterface`2", "ReadOnlySet`2", "ImmutableHashSet`2",
        }));
    }

    [Test]
    public void CollidingKeys_CostAboutAsMuchAsOthers()
    {
        AssertNoFlood<long, NetFormatters.Int64>(index => (index << 32) | index, index => index * 7_919);
        AssertNoFlood<ulong, NetFormatters.UInt64>(index => ((ulong)index << 32) | (ulong)index, index => (ulong)index * 7_919);
        AssertNoFlood<int, NetFormatters.Int32>(index => (int)index * 1_103, index => (int)index);
        AssertNoFlood<double, NetFormatters.Double>(index => BitConverter.Int64BitsToDouble((index << 32) | index), index => index * 0.1);
        AssertNoFlood<TimeSpan, NetFormatters.TimeSpan>(index => new((index << 32) | index), index => new(index));
        AssertNoFlood<DateTime, NetFormatters.DateTime>(
            index => new((1L << 58) | (index << 32) | index, DateTimeKind.Utc), index => new(index, DateTimeKind.Utc));
        AssertNoFlood<Guid, NetFormatters.Guid>(
            index => new((int)index, 0, 0, [0, 0, 0, 0, .. BitConverter.GetBytes((int)index)]), index => new((int)index, 1, 2, new byte[8]));
        AssertNoFlood<string, NetFormatters.String>(index => $"k{index:x16}", index => $"{index}");
    }

    [Test]
    public void KeyedComparer_EqualValuesWithOtherBits_HaveEqualHashes()
    {
        Assert.Multiple(() =>
        {
            AssertSame(0.0, -0.0);
            AssertSame(0.0f, -0.0f);
            AssertSame(double.NaN, BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0001));
            AssertSame(float.NaN, BitConverter.UInt32BitsToSingle(0x7FC0_0001));
            AssertSame(new DateTime(5, DateTimeKind.Utc), new DateTime(5, DateTimeKind.Local));
            AssertSame(new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
            AssertSame(true, true);
            AssertSame(Direction.East, Direction.East);
        });

        static void AssertSame<T>(T first, T second)
        {
            KeyedComparer<T> comparer = KeyedComparer<T>.Instance!;
            Assert.That(comparer.Equals(first, second), Is.True);
            Assert.That(comparer.GetHashCode(first!), Is.EqualTo(comparer.GetHashCode(second!)));
        }
    }

    [Test]
    public void Dictionary_EqualKeys_LastWins()
    {
        NetReader reader = new([0x82, 0x01, 0x05, 0xCC, 0x01, 0x06]);
        Assert.That(NetFormatters.Dictionary<int, int, NetFormatters.Int32, NetFormatters.Int32>.TryRead(ref reader, out Dictionary<int, int>? read), Is.True);
        Assert.That(read, Is.EqualTo(new Dictionary<int, int> { [1] = 6 }));
    }

    // An array of 65,535 elements that fails at the second one must not have allocated memory for all of them.
    [Test]
    public void Collections_FalseCounts_TakeLittleMemory()
    {
        byte[] array = new byte[65_538];
        Array.Fill(array, (byte)0xC1);
        array[0] = 0xDC;
        array[1] = array[2] = 0xFF;
        array[3] = 0x90;
        byte[] map = [.. array];
        map[0] = 0xDE;
        map[1] = 0x7F;
        Check(array, (ref NetReader r) => NetFormatters.Array<PlayerMove, NetFormatters.Contract<PlayerMove>>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.List<PlayerMove, NetFormatters.Contract<PlayerMove>>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.HashSet<long, NetFormatters.Int64>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.Queue<long, NetFormatters.Int64>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.Stack<long, NetFormatters.Int64>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.LinkedList<long, NetFormatters.Int64>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.ReadOnlyCollection<long, NetFormatters.Int64>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.ImmutableArray<Guid, NetFormatters.Guid>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.ImmutableList<Guid, NetFormatters.Guid>.TryRead(ref r, out _));
        Check(array, (ref NetReader r) => NetFormatters.ImmutableHashSet<long, NetFormatters.Int64>.TryRead(ref r, out _));
        Check(map, (ref NetReader r) => NetFormatters.Dictionary<long, Guid, NetFormatters.Int64, NetFormatters.Guid>.TryRead(ref r, out _));
        Check(map, (ref NetReader r) => NetFormatters.ImmutableDictionary<long, Guid, NetFormatters.Int64, NetFormatters.Guid>.TryRead(ref r, out _));

        static void Check(byte[] wire, ReadAny.Reading read)
        {
            NetReader warm = new(wire);
            Assert.That(read(ref warm), Is.False);
            long before = GC.GetAllocatedBytesForCurrentThread();
            NetReader reader = new(wire);
            read(ref reader);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(40 * 1_024));
        }
    }

    // Memory stays in proportion to the input, for any input.
    [Test]
    public void Contracts_RandomInput_NeverThrowAndTakeMemoryInProportion()
    {
        Random random = new(20_261_123);
        byte[][] seeds =
        [
            NetMessagePack.Serialize(new OtherTypes { Text = "text", Tree = new Tree { Children = [new(), new()] } }),
            NetMessagePack.Serialize(new Collections { Numbers = [1, 2, 3], Names = ["a"], Scores = new() { ["a"] = 1 }, Ids = [1], Path = [default] }),
            NetMessagePack.Serialize(new Profile("n", 1)),
            NetMessagePack.Serialize(new PlayerMove(1, 2, 3, 4, 5, 6)),
            NetMessagePack.Serialize(WiderContractTests.Values),
            NetMessagePack.Serialize(WiderContractTests.Shapes),
            NetMessagePack.Serialize(WiderContractTests.Tuples),
            NetMessagePack.Serialize<IPet>(new Kennel([new Dog("Rex"), new Cat(9)])),
        ];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] wire = [.. seeds[round % seeds.Length], .. new byte[random.Next(0, 8)]];
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                wire[random.Next(wire.Length)] = (byte)random.Next(256);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            NetMessagePack.TryDeserialize(wire, out OtherTypes? _);
            NetMessagePack.TryDeserialize(wire, out Collections? _);
            NetMessagePack.TryDeserialize(wire, out Profile? _);
            NetMessagePack.TryDeserialize(wire, out PlayerMove _);
            NetMessagePack.TryDeserialize(wire, out Tree? _);
            NetMessagePack.TryDeserialize(wire, out WiderValues? _);
            NetMessagePack.TryDeserialize(wire, out WiderCollections? _);
            NetMessagePack.TryDeserialize(wire, out TupleTypes? _);
            NetMessagePack.TryDeserialize(wire, out IPet? _);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > (128 * wire.Length) + 8_192)
            {
                Assert.Fail($"{allocated} bytes for {Convert.ToHexString(wire)}");
            }
        }
    }

    [Test]
    public void Contracts_NestedBeyondTheLimit_AreTooDeep()
    {
        byte[] chain = [.. Enumerable.Repeat((byte)0x91, 64), 0xC0];
        Assert.That(NetMessagePack.TryDeserialize(chain, out Chain? _), Is.True);
        Assert.That(NetMessagePack.TryDeserialize([0x91, .. chain], out Chain? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.TooDeep));
        NetReader reader = new([0x91, 0x91, 0x90], new DecodeLimits { MaxDepth = 2 });
        Assert.That(NetFormatters.List<PlayerMove[], NetFormatters.Array<PlayerMove, NetFormatters.Contract<PlayerMove>>>.TryRead(ref reader, out _), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.TooDeep));
    }

    [Test]
    public void Contracts_FixedLayoutAtTheLimit_IsTooDeep()
    {
        byte[] wire = [0x91, .. NetMessagePack.Serialize(new PlayerMove(1, 2, 3, 4, 5, 6))];
        NetReader reader = new(wire, new DecodeLimits { MaxDepth = 1 });
        Assert.That(NetFormatters.Array<PlayerMove, NetFormatters.Contract<PlayerMove>>.TryRead(ref reader, out _), Is.False);
        Assert.That(reader.Status, Is.EqualTo(DecodeStatus.TooDeep));
    }

    private static Type Formatted(Type formatter) =>
        formatter.GetInterfaces().Single(type => type.Name == "INetFormatter`1").GetGenericArguments()[0];

    private static object ReadOne<T>(Type formatter, byte[] wire)
    {
        var read = formatter.GetMethod("TryRead")!.CreateDelegate<Reading<T>>();
        NetReader reader = new(wire);
        Assert.That(read(ref reader, out T? value), Is.True);
        return value!;
    }

    private static void AssertNoFlood<T, TFormatter>(Func<long, T> colliding, Func<long, T> others)
        where T : notnull
        where TFormatter : INetFormatter<T>
    {
        byte[] hostile = Encode<T, TFormatter>(colliding);
        byte[] harmless = Encode<T, TFormatter>(others);
        TimeSpan usual = TimeToRead<T, TFormatter>(harmless);
        usual = TimeSpan.FromTicks(Math.Max(usual.Ticks, TimeToRead<T, TFormatter>(harmless).Ticks));
        Assert.That(TimeToRead<T, TFormatter>(hostile), Is.LessThan((5 * usual) + TimeSpan.FromMilliseconds(200)), typeof(T).Name);
    }

    private static byte[] Encode<T, TFormatter>(Func<long, T> key)
        where T : notnull
        where TFormatter : INetFormatter<T>
    {
        NetWriter writer = new(new byte[FloodKeys * 40]);
        writer.WriteArrayHeader(FloodKeys);
        for (long index = 0; index < FloodKeys; index++)
        {
            TFormatter.Write(ref writer, key(index));
        }

        Assert.That(writer.Overflowed, Is.False);
        return writer.Written.ToArray();
    }

    private static TimeSpan TimeToRead<T, TFormatter>(byte[] wire)
        where T : notnull
        where TFormatter : INetFormatter<T>
    {
        TimeSpan start = ThreadClock.Now;
        NetReader reader = new(wire, Wide);
        Assert.That(NetFormatters.HashSet<T, TFormatter>.TryRead(ref reader, out HashSet<T>? read), Is.True, reader.Status.ToString());
        Assert.That(read, Has.Count.EqualTo(FloodKeys));
        return ThreadClock.Now - start;
    }
}

using System.Collections.Immutable;
using System.Numerics;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

[Parallelizable]
public sealed class WiderContractTests
{
    private const string FourValues = "CA00000000C41000000000000000000000000000000000C41000000000000000000000000000000000C40100";

    public static readonly WiderValues Values = new()
    {
        Half = (Half)1.5,
        Signed = Int128.MinValue,
        Unsigned = UInt128.MaxValue,
        Big = BigInteger.Pow(-7, 1_000),
        Version = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue),
        Uri = new("https://example.org/a?b=c#d"),
        Date = DateOnly.MaxValue,
        Time = TimeOnly.MaxValue,
        Complex = new(1, -2),
        Plane = new(1, 2, 3, 4),
        Flat = new(1, 2, 3, 4, 5, 6),
        Solid = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
    };

    public static readonly WiderCollections Shapes = new()
    {
        Collection = [1, 2],
        ReadOnlyCollection = [3],
        Set = new HashSet<int> { 4, 5 },
        ReadOnlySet = new HashSet<string> { "a" },
        Dictionary = new Dictionary<int, string> { [1] = "b" },
        ReadOnlyDictionary = new Dictionary<DateOnly, string?> { [DateOnly.MinValue] = null },
        Queue = new([1, 2, 3]),
        Stack = new([1, 2, 3]),
        Linked = new([4, 5]),
        Array = [6, 7],
        List = ["c", "d"],
        HashSet = [1, Int128.MaxValue],
        Map = ImmutableDictionary<string, int>.Empty.Add("x", 1).Add("y", 2),
        Segment = new([0, 1, 2, 3], 1, 2),
    };

    public static readonly TupleTypes Tuples = new(
        (1, null), (true, 1, 2, 3, 4, 5, 'g'), new(1), new(1, "two", (3, 4)), new("k", 5), [(Direction.East, new(1, 2))]);

    [Test]
    public void Values_Filled_AreTheSameAgain()
    {
        Assert.That(ContractRoundTrip.Of(Values), Is.EqualTo(Values));
        Assert.That(ContractRoundTrip.Of(new WiderValues()), Is.EqualTo(new WiderValues()));
        Assert.That(ContractRoundTrip.Of(new WiderValues { Uri = new("../x", UriKind.Relative) }).Uri!.OriginalString, Is.EqualTo("../x"));
    }

    [Test]
    public void Values_Written_AreInTheFormOfMessagePackCSharp()
    {
        WiderValues values = new()
        {
            Half = (Half)(-2),
            Signed = 1,
            Unsigned = 2,
            Big = -256,
            Version = new(1, 2, 3),
            Uri = new("http://a/"),
            Date = new(1, 1, 3),
            Time = new(600),
            Complex = new(1, 2),
        };
        string hex = Convert.ToHexString(NetMessagePack.Serialize(values));
        Assert.That(hex, Does.StartWith(
            "9C" + "CAC0000000" + "C41001000000000000000000000000000000" + "C41002000000000000000000000000000000" + "C40200FF"
            + "A5312E322E33" + "A9687474703A2F2F612F" + "02" + "CD0258" + "92CB3FF0000000000000CB4000000000000000"
            + "94CA00000000"));
    }

    // Each begins with the valid values that come before the invalid one.
    [TestCase("91", "CA7F7FFFFF", Description = "a finite float that is infinite as a Half")]
    [TestCase("92CA00000000", "C40101", Description = "1 byte is no Int128")]
    [TestCase("95" + FourValues, "A131", Description = "a version has at least two numbers")]
    [TestCase("97" + FourValues + "A3312E30C0", "FF", Description = "the day -1")]
    [TestCase("97" + FourValues + "A3312E30C0", "CE0037B9DB", Description = "the day behind the last one")]
    [TestCase("98" + FourValues + "A3312E30C000", "CF000000C92A69C000", Description = "midnight, a day late")]
    public void Values_OutOfRange_AreRefused(string before, string bad)
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(before + bad), out WiderValues? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.OutOfRange).Or.EqualTo(DecodeStatus.EndOfData));
    }

    [Test]
    public void Collections_Filled_AreTheSameAgain()
    {
        WiderCollections read = ContractRoundTrip.Of(Shapes);
        Assert.Multiple(() =>
        {
            Assert.That(read.Collection, Is.EqualTo(Shapes.Collection));
            Assert.That(read.ReadOnlyCollection, Is.EqualTo(Shapes.ReadOnlyCollection));
            Assert.That(read.Set, Is.EquivalentTo(Shapes.Set));
            Assert.That(read.ReadOnlySet, Is.EquivalentTo(Shapes.ReadOnlySet));
            Assert.That(read.Dictionary, Is.EqualTo(Shapes.Dictionary));
            Assert.That(read.ReadOnlyDictionary, Is.EqualTo(Shapes.ReadOnlyDictionary));
            Assert.That(read.Queue, Is.EqualTo(Shapes.Queue));
            Assert.That(read.Stack, Is.EqualTo(Shapes.Stack));
            Assert.That(read.Linked, Is.EqualTo(Shapes.Linked));
            Assert.That(read.Array, Is.EqualTo(Shapes.Array));
            Assert.That(read.List, Is.EqualTo(Shapes.List));
            Assert.That(read.HashSet, Is.EquivalentTo(Shapes.HashSet));
            Assert.That(read.Map, Is.EquivalentTo(Shapes.Map));
            Assert.That(read.Segment, Is.EqualTo(new byte[] { 1, 2 }));
            Assert.That(read.MaybeArray, Is.Null);
        });
        Assert.That(ContractRoundTrip.Of(new WiderCollections { Array = default, MaybeArray = [1] }).MaybeArray, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Collections_Absent_AreEmpty()
    {
        Assert.That(NetMessagePack.TryDeserialize([0x90], out AbsentCollections? read, out DecodeStatus status), Is.True, status.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(read!.Collection, Is.Empty);
            Assert.That(read.Set, Is.Empty);
            Assert.That(read.Map, Is.Empty);
            Assert.That(read.Queue, Is.Empty);
            Assert.That(read.Stack, Is.Empty);
            Assert.That(read.Linked, Is.Empty);
            Assert.That(read.Array.IsEmpty);
            Assert.That(read.List, Is.Empty);
            Assert.That(read.HashSet, Is.Empty);
            Assert.That(read.Dictionary, Is.Empty);
            Assert.That(read.Pair, Is.EqualTo((0, 0)));
            Assert.That(read.Pet, Is.Null);
        });
    }

    [Test]
    public void Tuples_Filled_AreTheSameAgain()
    {
        TupleTypes read = ContractRoundTrip.Of(Tuples);
        Assert.That(read with { Steps = Tuples.Steps }, Is.EqualTo(Tuples));
        Assert.That(read.Steps, Is.EqualTo(Tuples.Steps));
    }

    [TestCase("9191C0")]
    [TestCase("919301C0C0")]
    public void Tuples_OfAnotherSize_AreRefused(string hex)
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out TupleTypes? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.WrongType));
    }

    [Test]
    public void Union_EachCase_IsTheSameAgain()
    {
        Assert.That(ContractRoundTrip.Of<IPet>(new Dog("Rex")), Is.EqualTo(new Dog("Rex")));
        Assert.That(ContractRoundTrip.Of<IPet>(new Cat(9)), Is.EqualTo(new Cat(9)));
        Assert.That(ContractRoundTrip.Of<IPet>(new Box<int>(3, 4)), Is.EqualTo(new Box<int>(3, 4)));
        var kennel = (Kennel)ContractRoundTrip.Of<IPet>(new Kennel([new Cat(1), new Kennel([new Dog("a")])]));
        Assert.That(kennel.Pets[0], Is.EqualTo(new Cat(1)));
        Assert.That(((Kennel)kennel.Pets[1]).Pets, Is.EqualTo(new[] { new Dog("a") }));
        Assert.That(Convert.ToHexString(NetMessagePack.Serialize<IPet>(new Dog("Rex"))), Is.EqualTo("9200" + "91A3526578"));
    }

    [Test]
    public void Union_AsAMessage_HasItsNumber()
    {
        Assert.That(MessageTypeOf<Command>(), Is.EqualTo(120));
        Assert.That(ContractRoundTrip.Of<Command>(new Walk { Distance = 2 }), Is.InstanceOf<Walk>().With.Property("Distance").EqualTo(2));
        Assert.That(ContractRoundTrip.Of<Command>(new Jump()), Is.InstanceOf<Jump>());

        static int MessageTypeOf<T>()
            where T : INetMessage<T> => T.MessageType;
    }

    [Test]
    public void Union_TypeThatIsNotListed_ThrowsWithWhatToWrite()
    {
        Assert.That(
            () => NetMessagePack.Serialize<IPet>(new Stray()),
            Throws.InvalidOperationException.With.Message.Contains("add [Union(tag, typeof(Stray))]"));
        Assert.That(() => NetMessagePack.Serialize<Command>(new DoubleJump()), Throws.InvalidOperationException);
    }

    [TestCase("9202C0", DecodeStatus.UnknownTag)]
    [TestCase("92CE7FFFFFFFC0", DecodeStatus.UnknownTag)]
    [TestCase("92CEFFFFFFFFC0", DecodeStatus.OutOfRange)]
    [TestCase("9200C0", DecodeStatus.WrongType)]
    [TestCase("920091C0", DecodeStatus.WrongType)]
    [TestCase("92A13091A0", DecodeStatus.WrongType)]
    [TestCase("9100", DecodeStatus.WrongType)]
    [TestCase("930091A000", DecodeStatus.WrongType)]
    [TestCase("90", DecodeStatus.WrongType)]
    [TestCase("C0", DecodeStatus.WrongType)]
    [TestCase("DDFFFFFFFF", DecodeStatus.EndOfData)]
    public void Union_Hostile_IsRejected(string hex, DecodeStatus expected)
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out IPet? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(expected));
    }

    // CWE-674 of MessagePack-CSharp: the array around the tag was not counted. Here a kennel in a kennel takes three levels.
    [Test]
    public void Union_InItself_IsTooDeepAtTheLimit()
    {
        byte[] innermost = [0x92, 0x07, 0x91, 0x90];
        byte[] twenty = [.. Enumerable.Repeat(new byte[] { 0x92, 0x07, 0x91, 0x91 }, 20).SelectMany(level => level), .. innermost];
        byte[] thousands = [.. Enumerable.Repeat(new byte[] { 0x92, 0x07, 0x91, 0x91 }, 50_000).SelectMany(level => level), .. innermost];
        Assert.That(NetMessagePack.TryDeserialize(twenty, new DecodeLimits { MaxDepth = 63 }, out IPet? _, out _), Is.True);
        Assert.That(NetMessagePack.TryDeserialize(twenty, new DecodeLimits { MaxDepth = 62 }, out IPet? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.TooDeep));
        Assert.That(NetMessagePack.TryDeserialize(thousands, out IPet? _, out status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.TooDeep));
    }

    // A stack overflow cannot be caught, so the depth limit must come first, on small stacks too.
    [Test]
    public void Union_InItself_FitsIntoASmallStack()
    {
        const int stackBytes = 128 * 1_024;
        byte[] wire = [.. Enumerable.Repeat(new byte[] { 0x92, 0x07, 0x91, 0x91 }, 50_000).SelectMany(level => level)];
        NetMessagePack.TryDeserialize(wire, out IPet? _, out DecodeStatus status);
        status = DecodeStatus.Ok;
        Thread thread = new(() => NetMessagePack.TryDeserialize(wire, out IPet? _, out status), stackBytes);
        thread.Start();
        Assert.That(thread.Join(TimeSpan.FromSeconds(30)));
        Assert.That(status, Is.EqualTo(DecodeStatus.TooDeep));
    }

    [Test]
    public void Union_OfAnotherVersion_ReadsWhatBothKnow()
    {
        Assert.That(NetMessagePack.TryDeserialize(NetMessagePack.Serialize<IPet>(new Dog("Rex")), out IPet2? newer), Is.True);
        Assert.That(newer, Is.EqualTo(new Dog2("Rex", 3)));
        Assert.That(NetMessagePack.TryDeserialize(NetMessagePack.Serialize<IPet2>(new Dog2("Rex", 5)), out IPet? older), Is.True);
        Assert.That(older, Is.EqualTo(new Dog("Rex")));
    }

    [Test]
    public void Generics_Filled_AreTheSameAgain()
    {
        Generics read = ContractRoundTrip.Of(new Generics
        {
            Number = new(1, 2),
            Text = new("a"),
            Boxed = new(new(new("Rex"))),
            Range = new() { From = Direction.East },
            Nodes = new() { Key = "k", Values = [new Dog("x"), null], Next = new() },
            Boxes = [new([1, 2])],
        });
        Assert.Multiple(() =>
        {
            Assert.That(read.Number, Is.EqualTo(new Box<int>(1, 2)));
            Assert.That(read.Text, Is.EqualTo(new Box<string?>("a")));
            Assert.That(read.Boxed!.Value.Value.Name, Is.EqualTo("Rex"));
            Assert.That((read.Range.From, read.Range.To), Is.EqualTo((Direction.East, (Direction?)null)));
            Assert.That(read.Nodes!.Key, Is.EqualTo("k"));
            Assert.That(read.Nodes.Values, Is.EqualTo(new IPet?[] { new Dog("x"), null }));
            Assert.That(read.Nodes.Next!.Values, Is.Empty);
            Assert.That(read.Boxes[0].Value, Is.EqualTo(new byte[] { 1, 2 }));
        });
    }

    [Test]
    public void Generics_MandatoryMemberMissing_IsRejected()
    {
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0x90], out Generics? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.MissingMember));
    }

    [Test]
    public void Generics_CircleOfReferences_ThrowsWhileThereIsStack()
    {
        Node<string, IPet?> node = new();
        node.Next = node;
        Assert.That(() => NetMessagePack.Serialize(new Generics { Nodes = node }), Throws.InstanceOf<InsufficientExecutionStackException>());
    }

    [Test]
    public void MarkedConstructor_IsUsed()
    {
        Marked read = ContractRoundTrip.Of(new Marked(5, "n") { IsReady = true });
        Assert.That((read.Id, read.Name, read.IsReady, read.Way), Is.EqualTo((5, "n", true, "marked")));
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0x07], out Marked? older), Is.True);
        Assert.That((older!.Id, older.Name, older.Way), Is.EqualTo((7, "", "marked")));
    }
}

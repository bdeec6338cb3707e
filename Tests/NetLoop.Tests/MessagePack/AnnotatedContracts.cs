#pragma warning disable CA1040 // An interface that only names a union is what unions are for.
using System.Collections.Immutable;
using System.Numerics;
using MessagePack;

// Outside NetLoop, whose own attributes would be found first. These types use only MessagePack-CSharp.
namespace Annotated;

public enum Mood : short
{
    Calm = -300,
    Glad = 7,
}

[MessagePackObject]
public readonly partial record struct Step(
    [property: Key(0)] uint Tick, [property: Key(1)] float X, [property: Key(2)] double Y, [property: Key(3)] byte Buttons);

[MessagePackObject]
public partial class Holes
{
    [Key(1)] public string? Text { get; set; }

    [Key(4)] public int? Number { get; set; }

    [IgnoreMember] public int Ignored { get; set; } = 5;

    [Key(2)] public Step Step { get; set; }

    [Key(7)] public Holes? Inner { get; set; }
}

[MessagePackObject]
public partial record Titled
{
    [Key("id")] public long Id { get; init; }

    [Key("name")] public string Name { get; init; } = "";

    [Key("tags")] public List<string>? Tags { get; init; }
}

[MessagePackObject(keyAsPropertyName: true)]
public partial class Spelled
{
    public ulong Count { get; set; }

    public Mood Mood { get; set; }

    [IgnoreMember] public string Hidden { get; set; } = "hidden";
}

[MessagePackObject]
public partial class Built
{
    [SerializationConstructor]
    public Built(int left, string right) => (Left, Right) = (left, right);

    [Key(0)] public int Left { get; }

    [Key(1)] public string Right { get; }
}

[MessagePackObject]
public partial record Integers(
    [property: Key(0)] sbyte SByte,
    [property: Key(1)] short Int16,
    [property: Key(2)] int Int32,
    [property: Key(3)] long Int64,
    [property: Key(4)] byte Byte,
    [property: Key(5)] ushort UInt16,
    [property: Key(6)] uint UInt32,
    [property: Key(7)] ulong UInt64,
    [property: Key(8)] char Char,
    [property: Key(9)] bool Bool,
    [property: Key(10)] Mood Mood);

[MessagePackObject]
public partial record Shapes
{
    [Key(0)] public int[] Array { get; init; } = [];

    [Key(1)] public List<Step> List { get; init; } = [];

    [Key(2)] public HashSet<string> Set { get; init; } = [];

    [Key(3)] public Dictionary<int, string?> Dictionary { get; init; } = [];

    [Key(4)] public IReadOnlyList<double> ReadOnlyList { get; init; } = [];

    [Key(5)] public Queue<int> Queue { get; init; } = new();

    [Key(6)] public Stack<int> Stack { get; init; } = new();

    [Key(7)] public ImmutableArray<int> ImmutableArray { get; init; } = [];

    [Key(8)] public ImmutableList<string> ImmutableList { get; init; } = [];

    [Key(9)] public byte[] Bytes { get; init; } = [];

    [Key(10)] public Memory<byte> Memory { get; init; }

    [Key(11)] public ReadOnlyMemory<byte> ReadOnlyMemory { get; init; }

    [Key(12)] public (int Number, string Text) Tuple { get; init; } = (0, "");

    [Key(13)] public KeyValuePair<string, int> Pair { get; init; } = new("", 0);

    [Key(14)] public IDictionary<string, Step> Interface { get; init; } = new Dictionary<string, Step>();

    [Key(15)] public LinkedList<short> Linked { get; init; } = new();
}

[MessagePackObject]
public partial record Scalars
{
    [Key(0)] public Guid Guid { get; init; }

    [Key(1)] public decimal Decimal { get; init; }

    [Key(2)] public BigInteger Big { get; init; }

    [Key(3)] public Version Version { get; init; } = new(1, 2);

    [Key(4)] public Uri? Uri { get; init; }

    [Key(5)] public DateTime Time { get; init; }

    [Key(6)] public DateTimeOffset Offset { get; init; }

    [Key(7)] public TimeSpan Span { get; init; }

    [Key(8)] public DateOnly Date { get; init; }

    [Key(9)] public TimeOnly OfDay { get; init; }

    [Key(10)] public Half Half { get; init; }

    [Key(11)] public Complex Complex { get; init; }
}

[Union(0, typeof(Hound))]
[Union(300, typeof(Lynx))]
public partial interface IBeast;

[MessagePackObject]
public partial record Hound([property: Key(0)] string Name) : IBeast;

[MessagePackObject]
public partial record Lynx([property: Key(0)] int Lives) : IBeast;

[MessagePackObject]
public partial record Den([property: Key(0)] IBeast? Pet, [property: Key(1)] List<IBeast> Guests);

[MessagePackObject]
public partial record Crate<T>([property: Key(0)] T Content, [property: Key(1)] int Number);

[MessagePackObject]
public partial record Crates([property: Key(0)] Crate<int> Number, [property: Key(1)] Crate<string> Text);

[MessagePackObject]
public readonly partial record struct Older([property: Key(0)] int A, [property: Key(1)] string B);

[MessagePackObject]
public readonly partial record struct Newer(
    [property: Key(0)] int A, [property: Key(1)] string B, [property: Key(2)] List<int>? C, [property: Key(3)] double D);

[MessagePackObject]
public partial class Tuples
{
    [Key(0)] public ValueTuple<int> One { get; set; }

    [Key(1)] public (int A, int B, int C, int D, int E, int F, int G, string? H) Eight { get; set; }

    [Key(2)] public (int, int, int, int, int, int, int, int, int, int, int, int) Twelve { get; set; }

    [Key(3)] public Tuple<int, int, int, int, int, int, int, Tuple<int, string>>? Objects { get; set; }
}

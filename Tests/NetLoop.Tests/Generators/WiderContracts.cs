#pragma warning disable CA1040 // An interface that only names a union is what unions are for.
using System.Collections.Immutable;
using System.Numerics;

namespace NetLoop.Tests.Generators;

/// <summary>Types without a form in MessagePack.</summary>
[NetContract]
public sealed partial record WiderValues
{
    [Key(0)] public Half Half { get; init; }

    [Key(1)] public Int128 Signed { get; init; }

    [Key(2)] public UInt128 Unsigned { get; init; }

    [Key(3)] public BigInteger Big { get; init; }

    [Key(4)] public Version Version { get; init; } = new(1, 0);

    [Key(5)] public Uri? Uri { get; init; }

    [Key(6)] public DateOnly Date { get; init; }

    [Key(7)] public TimeOnly Time { get; init; }

    [Key(8)] public Complex Complex { get; init; }

    [Key(9)] public Plane Plane { get; init; }

    [Key(10)] public Matrix3x2 Flat { get; init; }

    [Key(11)] public Matrix4x4 Solid { get; init; }
}

[NetContract]
public sealed partial class WiderCollections
{
    [Key(0)] public ICollection<int> Collection { get; init; } = [];

    [Key(1)] public IReadOnlyCollection<int> ReadOnlyCollection { get; init; } = [];

    [Key(2)] public ISet<int> Set { get; init; } = new HashSet<int>();

    [Key(3)] public IReadOnlySet<string> ReadOnlySet { get; init; } = new HashSet<string>();

    [Key(4)] public IDictionary<int, string> Dictionary { get; init; } = new Dictionary<int, string>();

    [Key(5)] public IReadOnlyDictionary<DateOnly, string?> ReadOnlyDictionary { get; init; } = new Dictionary<DateOnly, string?>();

    [Key(6)] public Queue<int> Queue { get; init; } = new();

    [Key(7)] public Stack<int> Stack { get; init; } = new();

    [Key(8)] public LinkedList<int> Linked { get; init; } = new();

    [Key(9)] public ImmutableArray<int> Array { get; init; } = [];

    [Key(10)] public ImmutableList<string> List { get; init; } = [];

    [Key(11)] public ImmutableHashSet<Int128> HashSet { get; init; } = [];

    [Key(12)] public ImmutableDictionary<string, int> Map { get; init; } = ImmutableDictionary<string, int>.Empty;

    [Key(13)] public ArraySegment<byte> Segment { get; init; }

    [Key(14)] public ImmutableArray<int>? MaybeArray { get; init; }
}

/// <summary>Positional, so that an absent member has the default of its type.</summary>
[NetContract]
public sealed partial record AbsentCollections(
    [property: Key(0)] ICollection<int> Collection,
    [property: Key(1)] IReadOnlySet<int> Set,
    [property: Key(2)] IReadOnlyDictionary<int, int> Map,
    [property: Key(3)] Queue<int> Queue,
    [property: Key(4)] Stack<int> Stack,
    [property: Key(5)] LinkedList<int> Linked,
    [property: Key(6)] ImmutableArray<int> Array,
    [property: Key(7)] ImmutableList<int> List,
    [property: Key(8)] ImmutableHashSet<int> HashSet,
    [property: Key(9)] ImmutableDictionary<int, int> Dictionary,
    [property: Key(10)] (int X, int Y) Pair,
    [property: Key(11)] IPet? Pet);

[NetContract]
public sealed partial record TupleTypes(
    [property: Key(0)] (int X, string? Name) Named,
    [property: Key(1)] (bool A, byte B, short C, long D, float E, double F, char G) Seven,
    [property: Key(2)] Tuple<int> One,
    [property: Key(3)] Tuple<int, string, (int, int)>? Nested,
    [property: Key(4)] KeyValuePair<string, int> Pair,
    [property: Key(5)] List<(Direction, Vector2)> Steps);

[Union(0, typeof(Dog))]
[Union(1, typeof(Cat))]
[Union(7, typeof(Kennel))]
[Union(-200, typeof(Box<int>))]
public partial interface IPet;

[NetContract]
public sealed partial record Dog([property: Key(0)] string Name) : IPet;

[NetContract]
public readonly partial record struct Cat([property: Key(0)] int Lives) : IPet;

[NetContract]
public sealed partial record Kennel([property: Key(0)] List<IPet> Pets) : IPet;

/// <summary>Implements the union without being listed.</summary>
public sealed record Stray : IPet;

/// <summary>A message that is a union.</summary>
[NetMessage(120)]
[Union(1, typeof(Walk))]
[Union(2, typeof(Jump))]
public abstract partial class Command;

[NetContract]
public sealed partial class Walk : Command
{
    [Key(0)] public float Distance { get; init; }
}

[NetContract]
public partial class Jump : Command
{
    [Key(0)] public float Height { get; init; }
}

public sealed class DoubleJump : Jump;

[NetContract]
public sealed partial record Box<T>([property: Key(0)] T Value, [property: Key(1)] T? Other = default) : IPet;

[NetContract]
public partial struct Range<T>
    where T : struct
{
    [Key("from")] public T From { get; set; }

    [Key("to")] public T? To { get; set; }
}

[NetContract]
public sealed partial class Node<TKey, TValue>
    where TKey : class
{
    [Key(0)] public TKey? Key { get; set; }

    [Key(1)] public TValue[] Values { get; set; } = [];

    [Key(2)] public Node<TKey, TValue>? Next { get; set; }
}

[NetContract]
public sealed partial class Generics
{
    [Key(0)] public Box<int> Number { get; init; } = new(0);

    [Key(1)] public Box<string?> Text { get; init; } = new(null);

    [Key(2)] public Box<Box<Dog>>? Boxed { get; init; }

    [Key(3)] public Range<Direction> Range { get; init; }

    [Key(4)] public Node<string, IPet?>? Nodes { get; init; }

    [Key(5)] public List<Box<byte[]>> Boxes { get; init; } = [];
}

/// <summary>The marked constructor is used, although another needs fewer arguments; its second parameter is matched by position.</summary>
[NetContract]
public sealed partial class Marked
{
    public Marked() => Way = "default";

    [SerializationConstructor]
    public Marked(int id, string label)
    {
        Id = id;
        Name = label;
        Way = "marked";
    }

    [Key(0)] public int Id { get; }

    [Key(1)] public string Name { get; } = "";

    [Key(2)] public bool IsReady { get; set; }

    [IgnoreMember] public string Way { get; }
}

/// <summary>The cases that an older version of <see cref="IPet"/> knows.</summary>
[Union(0, typeof(Dog2))]
public partial interface IPet2;

[NetContract]
public sealed partial record Dog2([property: Key(0)] string Name, [property: Key(1)] int Age = 3) : IPet2;

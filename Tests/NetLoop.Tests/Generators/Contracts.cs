#pragma warning disable CA1051, CA1708 // Contracts may have fields, and members that differ only by case.
using System.Numerics;

namespace NetLoop.Tests.Generators;

public enum Direction : byte
{
    North,
    East,
    South = 200,
}

public enum Signed : long
{
    Low = long.MinValue,
    High = long.MaxValue,
}

[NetMessage(100)]
public readonly partial record struct PlayerMove(
    [property: Key(0)] uint Sequence,
    [property: Key(1)] float X,
    [property: Key(2)] float Y,
    [property: Key(3)] float Z,
    [property: Key(4)] float Yaw,
    [property: Key(5)] byte Buttons);

[NetMessage(101)]
public partial record struct Nothing;

/// <summary>All types that have a fixed layout, with one index that is not used.</summary>
[NetContract]
public partial record struct FixedTypes(
    [property: Key(0)] bool Flag,
    [property: Key(1)] byte U8,
    [property: Key(2)] sbyte I8,
    [property: Key(3)] ushort U16,
    [property: Key(4)] short I16,
    [property: Key(5)] uint U32,
    [property: Key(6)] int I32,
    [property: Key(7)] ulong U64,
    [property: Key(8)] long I64,
    [property: Key(9)] char Unit,
    [property: Key(11)] float F32,
    [property: Key(12)] double F64,
    [property: Key(13)] Direction Direction,
    [property: Key(14)] Signed Signed);

[NetContract]
public partial record struct Vectors(
    [property: Key(0)] Vector2 Two, [property: Key(1)] Vector3 Three, [property: Key(2)] Vector4 Four, [property: Key(3)] Quaternion Turn);

/// <summary>All types of other sizes, as settable properties.</summary>
[NetContract]
public sealed partial class OtherTypes
{
    [Key(0)] public string Text { get; set; } = "";

    [Key(1)] public string? MaybeText { get; set; }

    [Key(2)] public byte[] Data { get; set; } = [];

    [Key(3)] public byte[]? MaybeData { get; set; }

    [Key(4)] public Memory<byte> Memory { get; set; }

    [Key(5)] public ReadOnlyMemory<byte> ReadOnlyMemory { get; set; }

    [Key(6)] public decimal Money { get; set; }

    [Key(7)] public Guid Id { get; set; }

    [Key(8)] public DateTime Moment { get; set; }

    [Key(9)] public DateTimeOffset Local { get; set; }

    [Key(10)] public TimeSpan Duration { get; set; }

    [Key(11)] public int? MaybeNumber { get; set; }

    [Key(12)] public Direction? MaybeDirection { get; set; }

    [Key(13)] public Vector3? MaybePlace { get; set; }

    [Key(14)] public PlayerMove Move { get; set; }

    [Key(15)] public Tree? Tree { get; set; }
}

[NetContract]
public sealed partial class Collections
{
    [Key(0)] public int[] Numbers { get; init; } = [];

    [Key(1)] public List<string> Names { get; init; } = [];

    [Key(2)] public List<string?> MaybeNames { get; init; } = [];

    [Key(3)] public Dictionary<string, int> Scores { get; init; } = [];

    [Key(4)] public Dictionary<Direction, List<PlayerMove>> Moves { get; init; } = [];

    [Key(5)] public HashSet<long> Ids { get; init; } = [];

    [Key(6)] public IReadOnlyList<double> Readings { get; init; } = [];

    [Key(7)] public IList<Guid> Guids { get; init; } = [];

    [Key(8)] public IEnumerable<char> Units { get; init; } = [];

    [Key(9)] public int[][] Grid { get; init; } = [];

    [Key(10)] public List<int?[]?>? Holes { get; init; }

    [Key(11)] public PlayerMove[] Path { get; init; } = [];

    [Key(12)] public Dictionary<Guid, Dictionary<int, byte[]>> Blobs { get; init; } = [];
}

/// <summary>Nested as deep as its sender likes.</summary>
[NetContract]
public sealed partial class Tree
{
    [Key(0)] public int Value { get; set; }

    [Key(1)] public List<Tree> Children { get; set; } = [];
}

/// <summary>A struct that nests through a list.</summary>
[NetContract]
public readonly partial record struct Branch([property: Key(0)] List<Branch> Children);

[NetContract]
public sealed partial class Chain
{
    [Key(0)] public Chain? Next { get; set; }
}

/// <summary>Names as keys; the keys of a positional record stand on its parameters.</summary>
[NetContract]
public sealed partial record Profile([property: Key("name")] string Name, [property: Key("level")] int Level, [property: Key("motto")] string Motto = "none")
{
    [Key("tags")]
    public List<string> Tags { get; init; } = ["new"];

    [IgnoreMember]
    public int Cached { get; set; }

    public int Doubled => Level * 2;
}

/// <summary>Members that are named like variables of generated code, or like keywords.</summary>
[NetContract]
public partial struct AwkwardNames
{
    [Key("reader")] public int reader;
    [Key("writer")] public int Writer;
    [Key("value")] public int Value;
    [Key("count")] public int count;
    [Key("key")] public int Key;
    [Key("read")] public int read;
    [Key("class")] public int @class;
    [Key("quote\"\\")] public int Layout;
    [Key("ünï")] public Direction X;
    [Key("x")] public int x;
    [Key("bits")] public int XBits;
}

[NetContract]
public sealed partial class WithConstructor(int id, string name)
{
    [Key(1)] public string Name { get; } = name;

    [Key(0)] public int Id { get; } = id;

    [Key(2)] public bool IsReady { get; set; }
}

[NetContract]
public partial class Creature
{
    [Key(0)] public required string Name { get; init; }

    [Key(1)] protected int Health = 7;

    public int CurrentHealth => Health;
}

[NetContract]
public sealed partial class Dragon : Creature
{
    [Key(2)] public float Flame { get; set; }
}

public static partial class Outer<T>
{
    [NetContract]
    public partial record struct Inner([property: Key(0)] int Value);
}

/// <summary>Three versions of one contract.</summary>
[NetContract]
public sealed partial class Version1
{
    [Key(0)] public int A { get; set; }
}

[NetContract]
public sealed partial class Version2
{
    [Key(0)] public int A { get; set; }

    [Key(2)] public string B { get; set; } = "initial";

    [Key(3)] public List<int> C { get; set; } = [1, 2];
}

[NetContract]
public readonly partial record struct Version3(
    [property: Key(0)] int A, [property: Key(2)] string B, [property: Key(3)] int C = 5, [property: Key(4)] Tree? D = null);

[NetContract]
public sealed partial record Mandatory([property: Key(0)] int A, [property: Key(1)] Tree Tree);

[NetContract]
public sealed partial record MandatoryByName([property: Key("a")] int A, [property: Key("tree")] Tree Tree);

[NetContract]
public sealed partial class Settings
{
    [Key("volume")] public int Volume { get; set; } = 11;

    [Key("tree")] public Tree Tree { get; init; } = new() { Value = 3 };
}

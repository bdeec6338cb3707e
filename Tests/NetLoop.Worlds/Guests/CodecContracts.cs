using System.Collections.Immutable;
using System.Numerics;

namespace NetLoop.Worlds.Guests;

/// <summary>A value that prints all its members, so that two of them can be compared without the codec.</summary>
internal interface ISpoken
{
    /// <summary>All members as text.</summary>
    string Say();
}

/// <summary>Numbers of all widths.</summary>
[NetMessage(1000)]
internal readonly partial record struct Numbers(
    [property: Key(0)] bool Bool,
    [property: Key(1)] byte Byte,
    [property: Key(2)] sbyte SByte,
    [property: Key(3)] ushort UShort,
    [property: Key(4)] short Short,
    [property: Key(5)] char Char,
    [property: Key(6)] uint UInt,
    [property: Key(7)] int Int,
    [property: Key(8)] ulong ULong,
    [property: Key(9)] long Long,
    [property: Key(10)] float Float,
    [property: Key(11)] double Double,
    [property: Key(12)] decimal Decimal,
    [property: Key(13)] Half Half,
    [property: Key(14)] Int128 Int128,
    [property: Key(15)] UInt128 UInt128,
    [property: Key(16)] BigInteger Big,
    [property: Key(17)] Complex Complex) : ISpoken
{
    public string Say() =>
        Spoken.Of(
            Bool,
            Byte,
            SByte,
            UShort,
            Short,
            (int)Char,
            UInt,
            Int,
            ULong,
            Long,
            Float,
            Double,
            Decimal,
            Half,
            Int128,
            UInt128,
            Big,
            Complex.Real,
            Complex.Imaginary);
}

/// <summary>Numbers whose fields have fixed offsets when all are present.</summary>
[NetMessage(1001)]
internal readonly partial record struct Pose(
    [property: Key(0)] int Id,
    [property: Key(1)] Vector2 Aim,
    [property: Key(2)] Vector3 Place,
    [property: Key(3)] Quaternion Turn,
    [property: Key(4)] Vector4 Color,
    [property: Key(5)] float Speed,
    [property: Key(6)] double Exact,
    [property: Key(7)] ulong Flags,
    [property: Key(8)] bool IsUp,
    [property: Key(9)] char Sign) : ISpoken
{
    public string Say() => Spoken.Of(
        Id, Aim.X, Aim.Y, Place.X, Place.Y, Place.Z, Turn.X, Turn.Y, Turn.Z, Turn.W, Color.X, Color.Y, Color.Z, Color.W, Speed, Exact, Flags, IsUp, (int)Sign);
}

/// <summary>Small numbers whose fields have fixed offsets.</summary>
[NetMessage(1007)]
internal readonly partial record struct Tally(
    [property: Key(0)] short Level,
    [property: Key(1)] sbyte Team,
    [property: Key(2)] char Letter,
    [property: Key(3)] long Time,
    [property: Key(4)] ushort Kind,
    [property: Key(5)] byte Lives,
    [property: Key(6)] uint Score,
    [property: Key(8)] Mood Mood) : ISpoken
{
    public string Say() => Spoken.Of(Level, Team, (int)Letter, Time, Kind, Lives, Score, (long)Mood);
}

/// <summary>Dates and times, identifiers, and vectors and matrices.</summary>
[NetMessage(1002)]
internal sealed partial class Things : ISpoken
{
    [Key(0)] public DateTime At { get; set; }

    [Key(1)] public DateTimeOffset Zoned { get; set; }

    [Key(2)] public TimeSpan Span { get; set; }

    [Key(3)] public DateOnly Date { get; set; }

    [Key(4)] public TimeOnly Time { get; set; }

    [Key(5)] public Guid Guid { get; set; }

    [Key(6)] public Version Version { get; set; } = new(0, 0);

    [Key(7)] public Uri Uri { get; set; } = new("urn:x");

    [Key(8)] public string Text { get; set; } = "";

    [Key(9)] public Plane Plane { get; set; }

    [Key(10)] public Matrix3x2 Flat { get; set; }

    [Key(11)] public Matrix4x4 Deep { get; set; }

    [Key(12)] public Vector3? MaybePlace { get; set; }

    [Key(13)] public byte[] Bytes { get; set; } = [];

    [Key(14)] public Memory<byte> Memory { get; set; }

    [Key(15)] public ReadOnlyMemory<byte> Fixed { get; set; }

    [Key(16)] public ArraySegment<byte> Segment { get; set; } = [];

    [Key(17)] public Mood Mood { get; set; }

    [Key(18)] public Mood? MaybeMood { get; set; }

    public string Say() => Spoken.Of(
        At.Ticks, Zoned.Ticks, Zoned.Offset, Span.Ticks, Date.DayNumber, Time.Ticks, Guid, Version, Uri, Text, Plane, Flat, Deep, MaybePlace,
        Convert.ToHexString(Bytes), Convert.ToHexString(Memory.Span),
        Convert.ToHexString(Fixed.Span), Convert.ToHexString(Segment), (long)Mood, (long?)MaybeMood);
}

/// <summary>Collections of all kinds.</summary>
[NetMessage(1003)]
internal sealed partial class Crowds : ISpoken
{
    [Key(0)] public int[] Array { get; set; } = [];

    [Key(1)] public List<string> List { get; set; } = [];

    [Key(2)] public IList<long> ListInterface { get; set; } = [];

    [Key(3)] public ICollection<short> Collection { get; set; } = [];

    [Key(4)] public IReadOnlyList<double> ReadOnlyList { get; set; } = [];

    [Key(5)] public IReadOnlyCollection<bool> ReadOnlyCollection { get; set; } = [];

    [Key(6)] public IEnumerable<uint> Enumerable { get; set; } = [];

    [Key(7)] public Queue<int> Queue { get; set; } = new();

    [Key(8)] public Stack<int> Stack { get; set; } = new();

    [Key(9)] public LinkedList<string> Linked { get; set; } = new();

    [Key(10)] public HashSet<int> Set { get; set; } = [];

    [Key(11)] public ISet<string> SetInterface { get; set; } = new HashSet<string>();

    [Key(12)] public IReadOnlySet<long> ReadOnlySet { get; set; } = new HashSet<long>();

    [Key(13)] public ImmutableArray<int> ImmutableArray { get; set; } = [];

    [Key(14)] public ImmutableList<string> ImmutableList { get; set; } = [];

    [Key(15)] public ImmutableHashSet<int> ImmutableSet { get; set; } = [];

    [Key(16)] public Dictionary<int, string> Map { get; set; } = [];

    [Key(17)] public IDictionary<string, long> MapInterface { get; set; } = new Dictionary<string, long>();

    [Key(18)] public IReadOnlyDictionary<Guid, int> ReadOnlyMap { get; set; } = new Dictionary<Guid, int>();

    [Key(19)] public ImmutableDictionary<string, int> ImmutableMap { get; set; } = ImmutableDictionary<string, int>.Empty;

    [Key(20)] public KeyValuePair<int, string> Pair { get; set; } = new(0, "");

    [Key(21)] public Point[] Points { get; set; } = [];

    [Key(22)] public List<Vector3> Places { get; set; } = [];

    [Key(23)] public float[] Floats { get; set; } = [];

    [Key(24)] public List<byte[]> Blobs { get; set; } = [];

    [Key(25)] public List<Vector2> Aims { get; set; } = [];

    [Key(26)] public List<Vector4> Colors { get; set; } = [];

    [Key(27)] public List<Quaternion> Turns { get; set; } = [];

    public string Say() => Spoken.Of(
        Spoken.All(Array), Spoken.All(List), Spoken.All(ListInterface), Spoken.All(Collection), Spoken.All(ReadOnlyList), Spoken.All(ReadOnlyCollection),
        Spoken.All(Enumerable), Spoken.All(Queue),
        Spoken.All(Stack), Spoken.All(Linked), Spoken.Sorted(Set), Spoken.Sorted(SetInterface), Spoken.Sorted(ReadOnlySet), Spoken.All(ImmutableArray),
        Spoken.All(ImmutableList), Spoken.Sorted(ImmutableSet),
        Spoken.Sorted(Map), Spoken.Sorted(MapInterface), Spoken.Sorted(ReadOnlyMap), Spoken.Sorted(ImmutableMap), Pair, Spoken.All(Points), Spoken.All(Places),
        Spoken.All(Floats), Spoken.All(Blobs.Select(Convert.ToHexString)),
        Spoken.All(Aims), Spoken.All(Colors), Spoken.All(Turns));
}

/// <summary>Optional members and unions.</summary>
[NetMessage(1004)]
internal sealed partial class Options : ISpoken
{
    [Key("i")] public int? Int { get; set; }

    [Key("l")] public long? Long { get; set; }

    [Key("d")] public double? Double { get; set; }

    [Key("t")] public string? Text { get; set; }

    [Key("g")] public Guid? Guid { get; set; }

    [Key("p")] public Point? Point { get; set; }

    [Key("s")] public Things? Things { get; set; }

    [Key("b")] public Beast? Beast { get; set; }

    [Key("many")] public List<Beast> Beasts { get; set; } = [];

    [Key("maybe")] public List<int?> Maybe { get; set; } = [];

    [Key("words")] public string?[]? Words { get; set; }

    [Key("pair")] public (int, string) Pair { get; set; } = (0, "");

    [Key("boxed")] public Boxed<Point> Boxed { get; set; }

    [Key("next")] public Options? Next { get; set; }

    public string Say() => Spoken.Of(
        Int, Long, Double, Text, Guid, Point, Things?.Say(), Beast, Spoken.All(Beasts), Spoken.All(Maybe), Words is null ? null : Spoken.All(Words), Pair,
        Boxed, Next?.Say());
}

/// <summary>A whole number or two, and a text.</summary>
[NetContract]
internal readonly partial record struct Point([property: Key(0)] int X, [property: Key(1)] int Y);

/// <summary>A value with another value inside.</summary>
[NetContract]
internal readonly partial record struct Boxed<T>([property: Key(0)] T Content, [property: Key(1)] int Count)
    where T : struct;

/// <summary>A union.</summary>
[NetContract]
[Union(0, typeof(Cat))]
[Union(3, typeof(Dog))]
internal abstract partial record Beast;

/// <summary>A member of the union, with a number.</summary>
[NetContract]
internal sealed partial record Cat([property: Key(0)] int Lives) : Beast;

/// <summary>A member of the union, with a text.</summary>
[NetContract]
internal sealed partial record Dog([property: Key(0)] string Name, [property: Key(1)] bool IsGood) : Beast;

/// <summary>An enumeration.</summary>
internal enum Mood : short
{
    Low = -300,
    None = 0,
    High = 30_000,
}

/// <summary>Bytes that the handler reads where they were received.</summary>
[NetMessage(1005)]
internal readonly partial record struct Lent([property: Key(0)] BorrowedBytes Bytes, [property: Key(1)] int Sum);

/// <summary>A value with a codec that is not the generator's.</summary>
[NetMessage(1006, Codec = typeof(PlainCodec))]
internal readonly partial record struct Coded(long Value, string Text) : ISpoken
{
    public string Say() => Spoken.Of(Value, Text);
}

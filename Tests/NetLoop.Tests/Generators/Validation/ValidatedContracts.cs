using System.ComponentModel.DataAnnotations;

namespace NetLoop.Tests.Generators.Validation;

/// <summary>A member of each kind, for the comparison with the base library's validation of the same object.</summary>
[NetContract]
internal sealed partial class Everything
{
    [Key(0), StringLength(6, MinimumLength = 2)]
    public string Name { get; set; } = "abc";

    [Key(1), MaxLength(3)]
    public string? Motto { get; set; }

    [Key(2), Length(1, 3)]
    public List<int> Scores { get; set; } = [1];

    [Key(3), MinLength(1), MaxLength(2)]
    public Dictionary<int, string>? Names { get; set; }

    [Key(4), Range(1, 100)]
    public int Level { get; set; } = 1;

    [Key(5), Range(-1.5, 1.5, MaximumIsExclusive = true)]
    public double Angle { get; set; }

    [Key(6), Range(typeof(decimal), "0.5", "9.5")]
    public decimal Price { get; set; } = 1;

    [Key(7), Required]
    public string Title { get; set; } = "x";

    [Key(8), Required, Range(0, 5)]
    public int? Choice { get; set; } = 3;

    [Key(9), Range(0.5, 2.5)]
    public float Speed { get; set; } = 1;

    [Key(10), MaxLength(4)]
    public byte[] Data { get; set; } = [];

    [Key(11), Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan? Patience { get; set; }
}

/// <summary>Members that a peer may leave out.</summary>
[NetContract]
internal sealed partial class Absent
{
    [Key(0)]
    public int Version { get; set; }

    [Key(1), Range(1, 10)]
    public int Level { get; set; } = 5;

    [Key(2), Range(1, 10)]
    public int? Maybe { get; set; }
}

/// <summary>Without an initial value, an absent member is 0.</summary>
[NetContract]
internal readonly partial record struct AbsentLevel([property: Key(0)] int Version, [property: Key(1), Range(1, 10)] int Level);

/// <summary>Without an initial value, an absent list is empty.</summary>
[NetContract]
internal readonly partial record struct AbsentList([property: Key(0)] int Version, [property: Key(1), MinLength(1)] List<int> Items);

/// <summary>An absent member keeps the value from the constructor.</summary>
[NetContract]
internal sealed partial class AbsentByConstructor
{
    public AbsentByConstructor() => Level = 0;

    [Key("version")]
    public int Version { get; set; }

    [Key("level"), Range(1, 10)]
    public int Level { get; set; }
}

/// <summary>Small numbers: read by straight-line code.</summary>
[NetMessage(98)]
internal readonly partial record struct Checked([property: Key(0), Range(0, 100)] int Number, [property: Key(1), Range(0.0, 1.0)] float Share)
    : INetRequest<Checked>;

/// <summary>Its fields may arrive in a list of any length up to three.</summary>
[NetContract]
internal readonly partial record struct FewItems([property: Key(0), MaxLength(3)] List<string> Items);

/// <summary>The same without attributes.</summary>
[NetContract]
internal readonly partial record struct ManyItems([property: Key(0)] List<string> Items);

using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Tests.MessagePack;

/// <summary>Members whose default value holds a null that their types rule out, and that nothing gives another value.</summary>
[NetContract]
public sealed partial class HollowStructs
{
    [Key(0)]
    public KeyValuePair<string, int> Pair { get; set; }

    [Key(1)]
    public (string Name, string[] Parts) Tuple { get; set; }

    [Key(2)]
    public ImmutableArray<int> Numbers { get; set; }

    [Key(3)]
    public ArraySegment<byte> Bytes { get; set; }

    [Key(4)]
    public (int, KeyValuePair<string, List<string>>) Nested { get; set; } = default;
}

/// <summary>As above, with names as keys.</summary>
[NetContract]
public sealed partial class HollowMap
{
    [Key("pair")]
    public KeyValuePair<string, int> Pair { get; set; }

    [Key("text")]
    public string Text { get; set; } = null!;

    [Key("label")]
    public Label Label { get; set; }
}

/// <summary>A struct that has a null unless its constructor was called.</summary>
[NetContract]
public readonly partial record struct Label([property: Key(0)] string Text);

/// <summary>A struct that has one further inside.</summary>
[NetContract]
public readonly partial record struct LabelPair([property: Key(0)] int Number, [property: Key(1)] (int, Label?, KeyValuePair<int, Label>) Labels);

/// <summary>A struct that must be sent, for nothing else makes it whole.</summary>
[NetContract]
public sealed partial class LabelOwner
{
    [Key(0)]
    public LabelPair Labels { get; set; }
}

/// <summary>The same with a value of its own for an absent one.</summary>
[NetContract]
public sealed partial class LabelDefaults
{
    public LabelDefaults() => Assigned = new("assigned", 2);

    [Key(0)]
    public Label Initialized { get; set; } = new("initialized");

    [Key(1)]
    public KeyValuePair<string, int> Assigned { get; set; }

    [Key(2)]
    public ImmutableArray<int> Numbers { get; set; } = [7];
}

/// <summary>References that are promised to be set, and are not.</summary>
[NetContract]
public sealed partial class BrokenPromises
{
    [Key(0)]
    public string Text { get; set; } = null!;

    [Key(1)]
    public List<string> Words { get; set; } = default!;
}

/// <summary>A reference without an empty form, promised too.</summary>
[NetContract]
public sealed partial class BrokenPromise
{
    [Key(0)]
    public int Number { get; set; }

    [Key(1)]
    public BrokenPromises Inner { get; set; } = null!;
}

/// <summary>Only a run of its constructor tells what it sets.</summary>
[NetContract]
public sealed partial class KeptPromise
{
    public KeptPromise() => Fill(new BrokenPromises { Text = "kept", Words = [] });

    [Key(0)]
    public BrokenPromises Inner { get; set; }

    [Key(1)]
    public string Text { get; set; }

    [MemberNotNull(nameof(Inner), nameof(Text))]
    private void Fill(BrokenPromises? inner)
    {
        Inner = inner!;
        Text = null!;
    }
}

/// <summary>Parameters whose default is no value.</summary>
[NetContract]
public readonly partial record struct HollowParameters(
    [property: Key(0)] (string Name, int Number) Pair = default, [property: Key(1)] string Text = null!, [property: Key(2)] Label? Label = null);

/// <summary>What is inside is known to those who use it only.</summary>
[NetContract]
public readonly partial record struct Wrapped<T>([property: Key(0)] T Value)
    where T : struct;

/// <summary>What is inside cannot hold a null.</summary>
[NetContract]
public readonly partial record struct WrappedNumber<T>([property: Key(0)] T Value)
    where T : unmanaged;

/// <summary>Generic contracts, closed with what holds nulls.</summary>
[NetContract]
public sealed partial class WrappedPairs
{
    [Key(0)]
    public Wrapped<KeyValuePair<string, int>>? Pair { get; set; }

    [Key(1)]
    public WrappedNumber<int> Number { get; set; }

    [Key(2)]
    public (int, Wrapped<Label>)? Label { get; set; }
}

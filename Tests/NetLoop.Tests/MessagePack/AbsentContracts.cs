using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Tests.MessagePack;

/// <summary>Members whose default value contains a null that their types do not allow, and to which nothing assigns another value.</summary>
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

/// <summary>A struct that contains a null unless its constructor was called.</summary>
[NetContract]
public readonly partial record struct Label([property: Key(0)] string Text);

/// <summary>A struct with such a struct inside.</summary>
[NetContract]
public readonly partial record struct LabelPair([property: Key(0)] int Number, [property: Key(1)] (int, Label?, KeyValuePair<int, Label>) Labels);

/// <summary>A struct that must be sent, because nothing else makes it valid.</summary>
[NetContract]
public sealed partial class LabelOwner
{
    [Key(0)]
    public LabelPair Labels { get; set; }
}

/// <summary>The same with its own value for an absent member.</summary>
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

/// <summary>References that are declared as set, and are not set.</summary>
[NetContract]
public sealed partial class BrokenPromises
{
    [Key(0)]
    public string Text { get; set; } = null!;

    [Key(1)]
    public List<string> Words { get; set; } = default!;
}

/// <summary>A reference without an empty form, also declared as set.</summary>
[NetContract]
public sealed partial class BrokenPromise
{
    [Key(0)]
    public int Number { get; set; }

    [Key(1)]
    public BrokenPromises Inner { get; set; } = null!;
}

/// <summary>Only running its constructor shows what it sets.</summary>
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

/// <summary>Parameters whose default is not a value.</summary>
[NetContract]
public readonly partial record struct HollowParameters(
    [property: Key(0)] (string Name, int Number) Pair = default, [property: Key(1)] string Text = null!, [property: Key(2)] Label? Label = null);

/// <summary>Only the code that uses the type knows what is inside.</summary>
[NetContract]
public readonly partial record struct Wrapped<T>([property: Key(0)] T Value)
    where T : struct;

/// <summary>The content cannot be null.</summary>
[NetContract]
public readonly partial record struct WrappedNumber<T>([property: Key(0)] T Value)
    where T : unmanaged;

/// <summary>Generic contracts, closed with types that contain nulls.</summary>
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

using System.Numerics;

namespace NetLoop.Tests.MessagePack;

/// <summary>A typical contract of a game, with everything initialized.</summary>
[NetContract]
public sealed partial class Hero
{
    [Key(0)] public string Name { get; set; } = "";

    [Key(1)] public List<int> Inventory { get; set; } = [];

    [Key(2)] public List<string> Buffs { get; set; } = [];

    [Key(3)] public Dictionary<string, int> Stats { get; set; } = [];

    [Key(4)] public HashSet<string> Tags { get; set; } = [];

    [Key(5)] public Vector3 Position { get; set; }
}

/// <summary>The same, created when absent.</summary>
[NetContract]
public sealed partial class BareHero
{
    [Key(0)] public string Name { get; set; } = null!;

    [Key(1)] public List<int> Inventory { get; set; } = null!;

    [Key(2)] public List<string> Buffs { get; set; } = null!;

    [Key(3)] public Dictionary<string, int> Stats { get; set; } = null!;

    [Key(4)] public HashSet<string> Tags { get; set; } = null!;
}

/// <summary>Large in memory, and very small on the wire.</summary>
[NetContract]
public partial record struct Bulk(
    [property: Key(0)] Matrix4x4 A,
    [property: Key(1)] Matrix4x4 B,
    [property: Key(2)] Matrix4x4 C,
    [property: Key(3)] Matrix4x4 D,
    [property: Key(4)] Matrix4x4 E,
    [property: Key(5)] Matrix4x4 F,
    [property: Key(6)] Matrix4x4 G,
    [property: Key(7)] Matrix4x4 H);

/// <summary>Contracts that initialize each other, nested.</summary>
[NetContract]
public sealed partial class Party
{
    [Key(0)] public Hero Leader { get; set; } = new();

    [Key(1)] public Hero? Second { get; init; } = new();

    [Key(2)] public (Hero, List<Hero>) Others { get; set; } = (new(), []);
}

[NetContract]
public sealed partial class Crowds
{
    [Key(0)] public List<Hero>? Heroes { get; set; }

    [Key(1)] public BareHero[]? BareHeroes { get; set; }

    [Key(2)] public List<Bulk>? Bulks { get; set; }

    [Key(3)] public List<Bulk?>? MaybeBulks { get; set; }

    [Key(4)] public Dictionary<int, Bulk?>? BulksByNumber { get; set; }

    [Key(5)] public List<Party>? Parties { get; set; }

    [Key(6)] public List<Matrix4x4?>? Matrices { get; set; }
}

/// <summary>Counts how often it is created.</summary>
[NetContract]
public sealed partial class Counted
{
    public Counted() => Made++;

    [IgnoreMember] public static int Made { get; set; }

    [Key(0)] public int Number { get; set; } = 5;

    [Key(1)] public string Text { get; init; } = "initial";

    [Key(2)] public List<int> Items { get; private init; } = [1, 2];

    [Key(3)] public string Promised { get; init; } = Nothing<string>();

    [Key(4)] public Version? Version { get; set; } = new(1, 2);

    internal static T Nothing<T>() => default!;
}

/// <summary>The same with names, as a struct whose members cannot be set later.</summary>
[NetContract]
public readonly partial record struct CountedByName
{
    public CountedByName() => Counted.Made++;

    [Key("number")] public int Number { get; init; } = 5;

    [Key("text")] public string Text { get; init; } = "initial";

    [Key("promised")] public string Promised { get; init; } = Counted.Nothing<string>();
}

/// <summary>Set when a generic contract is created, in the base class of a contract that is not generic.</summary>
[NetContract]
public partial class Sealed<T>
    where T : unmanaged
{
    public Sealed() => Counted.Made++;

    [Key(0)] public T Value { get; init; }

    [Key(1)] public string Label { get; init; } = "none";
}

[NetContract]
public sealed partial class SealedNumber : Sealed<int>
{
    [Key(2)] public string Unit { get; init; } = "m";
}

[NetContract]
public sealed partial class HoldsSealed
{
    [Key(0)] public Sealed<long> Inner { get; set; } = null!;
}

/// <summary>A contract that was not generated and is empty.</summary>
public sealed class WrittenByHand : INetContract<WrittenByHand>
{
    public static void Write(ref NetWriter writer, in WrittenByHand value) => writer.Write(false);

    public static bool TryRead(ref NetReader reader, out WrittenByHand value)
    {
        value = new WrittenByHand();
        return reader.TryRead(out bool _);
    }
}

/// <summary>The same as a struct.</summary>
public readonly record struct StructWrittenByHand : INetContract<StructWrittenByHand>
{
    public static void Write(ref NetWriter writer, in StructWrittenByHand value) => writer.Write(false);

    public static bool TryRead(ref NetReader reader, out StructWrittenByHand value)
    {
        value = default;
        return reader.TryRead(out bool _);
    }
}

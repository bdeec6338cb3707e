using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Tests.Generators;

/// <summary>It cannot be created without a name, and yet the other members have defaults.</summary>
[NetContract]
public sealed partial class RequiringDefaults
{
    [Key(0)]
    public required string Name { get; init; }

    [Key(1)]
    public int Level { get; set; } = 7;

    [Key(2)]
    public List<string> Words { get; init; } = ["initial"];

    [Key(3)]
    public required Version Version { get; set; }

    [Key(4)]
    public double? Rate { get; set; } = 0.5;
}

/// <summary>The same with names as keys, and a constructor that passes its arguments on.</summary>
[NetContract]
public sealed partial record ConstructedDefaults([property: Key("name")] string Name)
{
    [Key("shown")]
    public string Shown { get; init; } = Name + "!";

    [Key("level")]
    public int Level { get; init; } = 7;
}

/// <summary>A required member for which a constructor has a parameter, without promising to set it.</summary>
[NetContract]
public sealed partial class RequiringTwice
{
    public RequiringTwice(string name) => Name = name;

    [Key(0)]
    public required string Name { get; init; }

    [Key(1)]
    public int Level { get; set; } = 7;
}

/// <summary>One that promises it.</summary>
[NetContract]
public sealed partial class RequiringNothing
{
    [SetsRequiredMembers]
    public RequiringNothing(string name) => Name = name;

    [Key(0)]
    public required string Name { get; init; }

    [IgnoreMember]
    public required string Note { get; init; } = "none";

    [Key(1)]
    public int Level { get; set; } = 7;
}

/// <summary>Members that a base type declares.</summary>
public abstract class DefaultsBase
{
    private int _level = 7;

    [Key(0)]
    public string Name { get; set; } = null!;

    [Key(1)]
    public int Level
    {
        get => _level;
        set => _level = value;
    }
}

/// <summary>Sets their defaults.</summary>
[NetContract]
public sealed partial class DerivedDefaults : DefaultsBase
{
    public DerivedDefaults() => Name = "derived";
}

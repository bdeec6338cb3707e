namespace NetLoop;

/// <summary>Gives a member its place: an index in the MessagePack array, or a name in the MessagePack map. One contract uses either indexes or names.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class KeyAttribute : Attribute
{
    /// <summary>Index in the array, from 0; indexes that no member has are written as nil and skipped when read.</summary>
    public KeyAttribute(int index) => Index = index;

    /// <summary>Name in the map.</summary>
    public KeyAttribute(string name) => Name = name;

    /// <summary>Index in the array, or -1 when the member has a name.</summary>
    public int Index { get; } = -1;

    /// <summary>Name in the map, or null when the member has an index.</summary>
    public string? Name { get; }
}

namespace NetLoop.Generators;

/// <summary>What is added to the names of members to name something that belongs to them.</summary>
internal static class LocalNames
{
    /// <summary>The integer of an enum.</summary>
    public const string Bits = "Bits";

    /// <summary>Whether a member has come.</summary>
    public const string Seen = "Seen";

    /// <summary>The function that reads or writes a contract of fixed layout when the short way does not serve.</summary>
    public const string AnyForm = "anyForm";

    /// <summary>The function that finds the member of a name.</summary>
    public const string Find = "find";

    /// <summary>The formatter of a type parameter.</summary>
    public const string Formatter = "Formatter";

    /// <summary>The type inside a generic contract that is its formatter.</summary>
    public const string NestedFormatter = "NetFormatter";

    /// <summary>Before the name of a member: the property that sets it, or leaves it as the constructor did.</summary>
    public const string Init = "NetInit";
}

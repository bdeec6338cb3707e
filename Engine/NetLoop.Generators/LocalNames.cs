namespace NetLoop.Generators;

/// <summary>What is added to a member's variable to name a second one that belongs to it.</summary>
internal static class LocalNames
{
    /// <summary>The integer of an enum.</summary>
    public const string Bits = "Bits";

    /// <summary>Whether a member has come.</summary>
    public const string Seen = "Seen";

    /// <summary>The function that reads or writes a contract of fixed layout when the short way does not serve.</summary>
    public const string AnyForm = "anyForm";

    /// <summary>The formatter of a type parameter.</summary>
    public const string Formatter = "Formatter";

    /// <summary>The type inside a generic contract that is its formatter.</summary>
    public const string NestedFormatter = "NetFormatter";
}

namespace NetLoop.Generators;

/// <summary>Names in generated code, most of them suffixes for the names of members.</summary>
internal static class LocalNames
{
    /// <summary>The integer value of an enum.</summary>
    public const string Bits = "Bits";

    /// <summary>Whether a member has been received.</summary>
    public const string Seen = "Seen";

    /// <summary>The function that reads or writes a contract of fixed layout if the short path does not apply.</summary>
    public const string AnyForm = "anyForm";

    /// <summary>The function that finds a member by its name.</summary>
    public const string Find = "find";

    /// <summary>The formatter of a type parameter.</summary>
    public const string Formatter = "Formatter";

    /// <summary>The type nested in a generic contract that is its formatter.</summary>
    public const string NestedFormatter = "NetFormatter";

    /// <summary>The prefix of a property that sets a member, or keeps the value that the constructor gave it.</summary>
    public const string Init = "NetInit";
}

namespace NetLoop.Generators.Model;

/// <summary>One member of a contract.</summary>
/// <param name="Name">The name of the member in code.</param>
/// <param name="Local">The variable that holds it while the contract is read.</param>
/// <param name="Index">The index in the array, or the position in the map.</param>
/// <param name="Key">The name in the map; null in an array.</param>
/// <param name="Type">How the member is written and read.</param>
/// <param name="MissingValue">The value of an absent member, as code; null if a missing member is an error.</param>
/// <param name="MustBeSet">No instance can be made without setting it or passing it to the constructor.</param>
/// <param name="TakesDefault">An absent member keeps the value that the constructor gives it, or gets <paramref name="MissingValue"/> if that is null.</param>
/// <param name="IsInitOnly">It can be set only while an object is created.</param>
internal sealed record MemberModel(
    string Name, string Local, int Index, string? Key, TypeModel Type, string? MissingValue, bool MustBeSet, bool TakesDefault, bool IsInitOnly)
{
    /// <summary>Conditions that the value must meet, in addition to its type.</summary>
    public EquatableArray<MemberCheck> Checks { get; init; }

    /// <summary>The call that checks the header of the value against its limits before anything is read; null if there are no limits.</summary>
    public string? HeaderCheck { get; init; }

    /// <summary>Whether the member must be present: if absent, it would be null, which its type rules out.</summary>
    public bool IsRequired => MissingValue is null && !TakesDefault;

    /// <summary>Whether an object is created for the member if it is absent, and only then.</summary>
    public bool IsMadeWhenMissing => Type.IsNonNullReference && MissingValue is { } code && code != "default" && !IsText(code);

    /// <summary>Whether the constructor may leave the member null although its type rules that out; this is known only at run time.</summary>
    public bool MayLackDefault => TakesDefault && Type.IsNonNullReference;

    /// <summary>Whether an absent member may get a new object.</summary>
    public bool MayTakeMemory => TakesDefault || (MissingValue is { } code && code != "default" && !IsText(code));

    private static bool IsText(string code) => code[0] == '"';
}

namespace NetLoop.Generators.Model;

/// <summary>One member of a contract.</summary>
/// <param name="Name">As code names it.</param>
/// <param name="Local">The variable that holds it while the contract is read.</param>
/// <param name="Index">Its index in the array; its place in the map.</param>
/// <param name="Key">Its name in the map; null in an array.</param>
/// <param name="Type">How it is written and read.</param>
/// <param name="MissingValue">The value when it is absent, as code; null when that is an error.</param>
/// <param name="MustBeSet">No instance can be made without setting it or passing it to the constructor.</param>
/// <param name="TakesDefault">When it is absent it is what the constructor leaves; <paramref name="MissingValue"/> if that is null.</param>
/// <param name="IsInitOnly">It can be set only while an object is created.</param>
internal sealed record MemberModel(
    string Name, string Local, int Index, string? Key, TypeModel Type, string? MissingValue, bool MustBeSet, bool TakesDefault, bool IsInitOnly)
{
    /// <summary>What its value has to be, beyond its type.</summary>
    public EquatableArray<MemberCheck> Checks { get; init; }

    /// <summary>The call that holds the header of its value against its limits before anything is read; null when it has none.</summary>
    public string? HeaderCheck { get; init; }

    /// <summary>Absent, it would have to be null, and its type says that it never is.</summary>
    public bool IsRequired => MissingValue is null && !TakesDefault;

    /// <summary>An object is made for it when it is absent, and only then.</summary>
    public bool IsMadeWhenMissing => Type.IsNonNullReference && MissingValue is { } code && code != "default" && !IsText(code);

    /// <summary>The constructor may leave null, which only its run can tell, although the type of the member rules it out.</summary>
    public bool MayLackDefault => TakesDefault && Type.IsNonNullReference;

    /// <summary>Absent, it may be an object that is made for that.</summary>
    public bool MayTakeMemory => TakesDefault || (MissingValue is { } code && code != "default" && !IsText(code));

    private static bool IsText(string code) => code[0] == '"';
}

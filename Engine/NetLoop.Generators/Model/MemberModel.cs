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
internal sealed record MemberModel(
    string Name, string Local, int Index, string? Key, TypeModel Type, string? MissingValue, bool MustBeSet, bool TakesDefault)
{
    /// <summary>Absent, it would have to be null, and its type says that it never is.</summary>
    public bool IsRequired => MissingValue is null && !TakesDefault;

    /// <summary>An object is made for it when it is absent, and only then.</summary>
    public bool IsMadeWhenMissing => Type.IsNonNullReference && MissingValue is { } code && code != "default" && !IsText(code);

    /// <summary>What the constructor leaves, as code.</summary>
    public string Default => $"defaults.{Name}{(MissingValue is { } code && IsText(code) ? $" ?? {code}" : "")}";

    /// <summary>The constructor may leave null, which only its run can tell.</summary>
    public bool MayLackDefault => TakesDefault && MissingValue is null && Type.IsNonNullReference;

    private static bool IsText(string code) => code[0] == '"';
}

namespace NetLoop.Generators.Model;

/// <summary>One member of a contract.</summary>
/// <param name="Name">As code names it.</param>
/// <param name="Local">The variable that holds it while the contract is read.</param>
/// <param name="Index">Its index in the array; its place in the map.</param>
/// <param name="Key">Its name in the map; null in an array.</param>
/// <param name="Type">How it is written and read.</param>
/// <param name="MissingValue">The value when it is absent, as code; null when that is an error.</param>
internal sealed record MemberModel(string Name, string Local, int Index, string? Key, TypeModel Type, string? MissingValue)
{
    /// <summary>An object is made for it when it is absent, and only then.</summary>
    public bool IsMadeWhenMissing => Type.IsNonNullReference && MissingValue is { } code && code != "default" && code[0] != '"';
}

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>The code of one wire type in a script.</summary>
/// <param name="Type">The TypeScript type.</param>
/// <param name="Missing">The value of an absent member; null if there is no such value.</param>
/// <param name="Write">The call that writes a value: {0} is the value.</param>
/// <param name="Read">The call that reads a value.</param>
internal sealed record ScriptType(string Type, string? Missing, string Write, string Read)
{
    /// <summary>Returns the call that writes a value.</summary>
    public string WriteOf(string value) => Write.Replace("{0}", value, StringComparison.Ordinal);
}

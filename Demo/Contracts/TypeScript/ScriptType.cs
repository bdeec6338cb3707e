namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>How one wire type is written in a script.</summary>
/// <param name="Type">Its TypeScript type.</param>
/// <param name="Missing">What a reader takes for it when it did not come; null when there is nothing to take.</param>
/// <param name="Write">The call that writes it: {0} is the value.</param>
/// <param name="Read">The call that reads it.</param>
internal sealed record ScriptType(string Type, string? Missing, string Write, string Read)
{
    /// <summary>The call that writes a value.</summary>
    public string WriteOf(string value) => Write.Replace("{0}", value, StringComparison.Ordinal);
}

namespace NetLoop.Demo.Contracts;

/// <summary>One line of a contract: a member, or a type of a union.</summary>
/// <param name="Key">The index, the quoted name or the tag, as it is written in the description.</param>
/// <param name="Name">The member's name in code; null if the key contains it.</param>
/// <param name="Type">The type on the wire.</param>
/// <param name="IsRequired">Whether a reader rejects a value without it.</param>
internal sealed record ContractMember(string Key, string? Name, string Type, bool IsRequired)
{
    private const string Required = ", required";

    /// <summary>Whether nil is a valid value.</summary>
    public bool TakesNil => Type.EndsWith('?');

    /// <summary>Reads a line without its indentation; null if the line is not a member.</summary>
    public static ContractMember? Parse(string line)
    {
        // A quoted name may contain any character, so search for the colon after it.
        int nameEnd = line.StartsWith('"') ? line.LastIndexOf("\": ", StringComparison.Ordinal) + 1 : 0;
        int colon = nameEnd < 0 ? -1 : line.IndexOf(": ", nameEnd, StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        string type = line[(colon + 2)..];
        bool isRequired = type.EndsWith(Required, StringComparison.Ordinal);
        string[] words = nameEnd > 0 ? [line[..colon]] : line[..colon].Split(' ', 2);
        return new(words[0], words.Length > 1 ? words[1] : null, isRequired ? type[..^Required.Length] : type, isRequired);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Key}{(Name is null ? "" : " " + Name)}: {Type}{(IsRequired ? Required : "")}";
}

using System.Globalization;

namespace NetLoop.Demo.Contracts;

/// <summary>What a message, or a contract inside of one, looks like on the wire.</summary>
/// <param name="Name">The type, with its namespace.</param>
/// <param name="MessageType">Its number; null for a contract that is no message.</param>
/// <param name="Form">array, map or union; "opaque" and the name of a codec when something else than the generator defines its bytes.</param>
/// <param name="Members">In the order of the wire.</param>
internal sealed record ContractShape(string Name, int? MessageType, string Form, IReadOnlyList<ContractMember> Members)
{
    private const string Opaque = "opaque ";

    /// <summary>The contract that responds to it, with its namespace; null for one that declares no response.</summary>
    public string? Response { get; init; }

    /// <summary>Nothing but its codec knows its bytes.</summary>
    public bool IsOpaque => Form.StartsWith(Opaque, StringComparison.Ordinal);

    /// <summary>Its values are one of several types.</summary>
    public bool IsUnion => Form == "union";

    /// <summary>Its members have names on the wire, not places.</summary>
    public bool IsMap => Form == "map";

    /// <summary>How it is called in reports.</summary>
    public string Title => MessageType is { } type ? $"message {type.ToString(CultureInfo.InvariantCulture)} {Name}" : $"contract {Name}";

    /// <summary>Reads the first line of a contract, whose members follow; null when it is none.</summary>
    public static ContractShape? ParseHeading(string line)
    {
        int colon = line.LastIndexOf(": ", StringComparison.Ordinal);
        string form = colon < 0 ? "" : line[(colon + 2)..];
        string[] words = colon < 0 ? [] : line[..colon].Split(' ', 2);
        if (form is not ("array" or "map" or "union") && !form.StartsWith(Opaque, StringComparison.Ordinal))
        {
            return null;
        }

        if (words is ["contract", var name])
        {
            return new(name, null, form, []);
        }

        return words is ["message", var rest]
            && rest.Split(' ', 2) is [var number, var message]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int type)
            ? new(message, type, form, [])
            : null;
    }
}

using System.Globalization;

namespace NetLoop.Demo.Contracts;

/// <summary>The form of a message, or of a contract inside a message, on the wire.</summary>
/// <param name="Name">The type, with its namespace.</param>
/// <param name="MessageType">The message number; null for a contract that is not a message.</param>
/// <param name="Form">"array", "map" or "union"; "opaque" and the name of a codec if the generator does not define the bytes.</param>
/// <param name="Members">The members in the order of the wire.</param>
internal sealed record ContractShape(string Name, int? MessageType, string Form, IReadOnlyList<ContractMember> Members)
{
    private const string Opaque = "opaque ";

    /// <summary>The response of a request, with its namespace; null if it declares none.</summary>
    public string? Response { get; init; }

    /// <summary>Whether only a codec knows the bytes.</summary>
    public bool IsOpaque => Form.StartsWith(Opaque, StringComparison.Ordinal);

    /// <summary>Whether a value has one of several types.</summary>
    public bool IsUnion => Form == "union";

    /// <summary>Whether members are identified by name on the wire, not by index.</summary>
    public bool IsMap => Form == "map";

    /// <summary>The name in reports.</summary>
    public string Title => MessageType is { } type ? $"message {type.ToString(CultureInfo.InvariantCulture)} {Name}" : $"contract {Name}";

    /// <summary>Reads the first line of a contract, which its members follow; null if the line is not one.</summary>
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

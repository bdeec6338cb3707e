using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace NetLoop.Generators.Model;

/// <summary>The wire form of one contract: a heading and a line for each member. Contracts inside it are only named.</summary>
/// <remarks>The text is hashed for the fingerprint and compared by tools: changing its form changes every application's fingerprint.</remarks>
/// <param name="Key">The key of the contract, as in a <see cref="ContractReference"/>.</param>
/// <param name="Name">The name of the contract in C#.</param>
/// <param name="MessageType">The type on the wire; null if the contract is not a message.</param>
/// <param name="Form">array, map, union or opaque.</param>
/// <param name="Lines">One line for each member, in wire order.</param>
/// <param name="Reached">The contracts inside.</param>
/// <param name="IsGeneric">A generic contract is described only where its type arguments are known.</param>
internal sealed record ContractDescription(
    string Key, string Name, int? MessageType, string Form, EquatableArray<string> Lines, EquatableArray<ContractReference> Reached, bool IsGeneric)
{
    private const string ContractHeading = "contract ";
    private const string MessageHeading = "message ";
    private const string Indentation = "  ";
    private const string EndOfName = ": ";

    /// <summary>The response that the message declares as a request, as written in C#; null for none. It is not part of the text.</summary>
    public string? Response { get; init; }

    /// <summary>The description of a contract about which only its existence is known.</summary>
    public static ContractDescription Unknown(ContractReference reference) =>
        new(reference.Key, reference.Name, MessageType: null, "array", Lines: default, Reached: default, IsGeneric: false);

    /// <summary>Parses an assembly's description of its own contract; null if another version wrote it.</summary>
    /// <param name="reference">The reference to the contract.</param>
    /// <param name="text">The result of <see cref="Text"/>.</param>
    /// <param name="reached">The contracts inside, each as its own text.</param>
    public static ContractDescription? Parse(ContractReference reference, string text, IEnumerable<string> reached)
    {
        string[] lines = text.Split(['\n'], StringSplitOptions.RemoveEmptyEntries);
        ContractReference?[] references = [.. reached.Select(ContractReference.Parse)];
        int end = lines.Length == 0 ? -1 : lines[0].LastIndexOf(EndOfName, StringComparison.Ordinal);
        if (end < 0 || references.Contains(null))
        {
            return null;
        }

        string[] heading = lines[0].Substring(0, end).Split(' ');
        bool isMessage = heading[0] + " " == MessageHeading;
        return new(
            reference.Key,
            reference.Name,
            isMessage && int.TryParse(heading[1], NumberStyles.None, CultureInfo.InvariantCulture, out int type) ? type : null,
            lines[0].Substring(end + EndOfName.Length),
            new([.. lines.Skip(1).Select(line => line.Substring(Indentation.Length))]),
            new([.. references.OfType<ContractReference>()]),
            reference.Arguments.Count > 0);
    }

    /// <summary>The description of the contract with its type arguments.</summary>
    public ContractDescription Close(ContractReference reference) => this with
    {
        Name = reference.Name,
        Lines = new([.. Lines.Select(line => CloseLine(line, reference.Arguments))]),
        Reached = new([.. Reached.Select(inside => inside.Close(reference.Arguments))]),
        IsGeneric = false,
    };

    /// <summary>The heading and the lines, each ended by LF.</summary>
    public string Text()
    {
        StringBuilder text = new();
        text.Append(MessageType is { } type ? $"{MessageHeading}{type.ToString(CultureInfo.InvariantCulture)} " : ContractHeading)
            .Append(Name).Append(EndOfName).Append(Form).Append('\n');
        foreach (string line in Lines)
        {
            text.Append(Indentation).Append(line).Append('\n');
        }

        return text.ToString();
    }

    // A quoted name may contain anything; the type follows it.
    private static string CloseLine(string line, IReadOnlyList<WireArgument> arguments)
    {
        int wire = line.StartsWith("\"", StringComparison.Ordinal)
            ? line.LastIndexOf("\": ", StringComparison.Ordinal) + 1
            : line.IndexOf(EndOfName, StringComparison.Ordinal);
        return line.Substring(0, wire) + WireTemplate.Close(line.Substring(wire), arguments);
    }
}

using System.Collections.Generic;
using System.Linq;

namespace NetLoop.Generators.Model;

/// <summary>A contract inside of another, by name.</summary>
/// <param name="Key">Its assembly and its definition: "Game:Game.Box`1".</param>
/// <param name="Name">As descriptions call it, with its type arguments.</param>
/// <param name="Arguments">Its type arguments.</param>
internal sealed record ContractReference(string Key, string Name, EquatableArray<WireArgument> Arguments)
{
    private const char Separator = '|';

    /// <summary>Reads what <see cref="ToString"/> wrote; null for a text that it did not write.</summary>
    public static ContractReference? Parse(string text)
    {
        string[] parts = text.Split(Separator);
        if (parts.Length % 3 != 2)
        {
            return null;
        }

        List<WireArgument> arguments = [];
        for (int index = 2; index < parts.Length; index += 3)
        {
            arguments.Add(new(parts[index], parts[index + 1], parts[index + 2]));
        }

        return new(parts[0], parts[1], new([.. arguments]));
    }

    /// <summary>The same in a closed form of the generic contract that has it inside.</summary>
    public ContractReference Close(IReadOnlyList<WireArgument> arguments) => arguments.Count == 0
        ? this
        : this with
        {
            Name = WireTemplate.Close(Name, arguments),
            Arguments = new([.. Arguments.Select(argument => argument.Close(arguments))]),
        };

    /// <summary>One text, for an attribute: no name and no wire type has the separator.</summary>
    public override string ToString() => string.Join(
        Separator.ToString(), new[] { Key, Name }.Concat(Arguments.SelectMany(argument => new[] { argument.Name, argument.Wire, argument.NullableWire })));
}

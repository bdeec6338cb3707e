using System.Collections.Generic;
using System.Linq;

namespace NetLoop.Generators.Model;

/// <summary>A reference by name to a contract inside another.</summary>
/// <param name="Key">Its assembly and its definition: "Game:Game.Box`1".</param>
/// <param name="Name">The name in descriptions, with type arguments.</param>
/// <param name="Arguments">Its type arguments.</param>
internal sealed record ContractReference(string Key, string Name, EquatableArray<WireArgument> Arguments)
{
    private const char Separator = '|';

    /// <summary>Parses the result of <see cref="ToString"/>; null for any other text.</summary>
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

    /// <summary>The same reference in a closed form of the generic contract that contains it.</summary>
    public ContractReference Close(IReadOnlyList<WireArgument> arguments) => arguments.Count == 0
        ? this
        : this with
        {
            Name = WireTemplate.Close(Name, arguments),
            Arguments = new([.. Arguments.Select(argument => argument.Close(arguments))]),
        };

    /// <summary>A text for an attribute. No name and no wire type contains the separator.</summary>
    public override string ToString() => string.Join(
        Separator.ToString(), new[] { Key, Name }.Concat(Arguments.SelectMany(argument => new[] { argument.Name, argument.Wire, argument.NullableWire })));
}

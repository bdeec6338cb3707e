using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Writes down what a contract, and every contract that it reaches, looks like on the wire: a line for each and for each member.</summary>
/// <remarks>The text is hashed for the fingerprint and compared by tools: a change of its form changes every application's fingerprint.</remarks>
internal sealed class ContractDescriber
{
    private const string MessageHeading = "message ";

    private readonly HashSet<string> _seen = [];
    private readonly Queue<INamedTypeSymbol> _reached = new();

    public static EquatableArray<string> Describe(INamedTypeSymbol type)
    {
        ContractDescriber describer = new();
        List<string> texts = [];
        describer._reached.Enqueue(type);
        while (describer._reached.Count > 0)
        {
            INamedTypeSymbol contract = describer._reached.Dequeue();
            if (describer._seen.Add(contract.ToDisplayString()))
            {
                texts.Add(describer.Describe(contract, Heading(contract)));
            }
        }
        return new([.. texts]);
    }

    /// <summary>Whether a text describes a message, not only a contract.</summary>
    public static bool IsMessage(string text) => text.StartsWith(MessageHeading, StringComparison.Ordinal);

    // A message inside of another has the heading of a message there too, so that both texts are one.
    private static string Heading(INamedTypeSymbol contract) =>
        KnownNames.Find(contract, KnownNames.NetMessage) is { ConstructorArguments: [{ Value: int number }] }
            ? $"{MessageHeading}{number.ToString(CultureInfo.InvariantCulture)} {contract.ToDisplayString()}"
            : $"contract {contract.ToDisplayString()}";

    private string Describe(INamedTypeSymbol type, string heading)
    {
        if (CodecParser.Of(type) is { } codec)
        {
            return Text($"{heading}: opaque {codec.ToDisplayString()}", []);
        }
        List<Diagnostic> ignored = [];
        if (KnownNames.Unions(type).Any())
        {
            foreach (AttributeData attribute in KnownNames.Unions(type))
            {
                Reach(attribute.ConstructorArguments.Length > 1 ? attribute.ConstructorArguments[1].Value as ITypeSymbol : null);
            }
            return Text($"{heading}: union", new UnionParser(type, ignored).Parse().Select(Line));
        }
        List<SourceMember> members = new MemberParser(type, ignored).Parse(out bool isMap);
        foreach (SourceMember member in members)
        {
            Reach(member.DeclaredType);
        }
        // The code of a generic contract is one for all its type arguments, and cannot know what would stand for an absent one.
        INamedTypeSymbol definition = type.OriginalDefinition;
        List<SourceMember> written = new MemberParser(definition, ignored).Parse(out _);
        Construction? construction = Construction.Choose(definition, written, out _);
        IEnumerable<string> lines = members.Zip(written, (member, code) => Line(member, construction is not null && construction.Model(code).IsRequired));
        return Text($"{heading}: {(isMap ? "map" : "array")}", lines);
    }

    private static string Line(UnionCaseModel unionCase) => $"{unionCase.Tag.ToString(CultureInfo.InvariantCulture)}: {unionCase.Type.Wire}";

    private static string Line(SourceMember member, bool isRequired)
    {
        string key = member.Key is { } name
            ? SymbolDisplay.FormatLiteral(name, quote: true)
            : $"{member.Index.ToString(CultureInfo.InvariantCulture)} {member.Name}";
        return $"{key}: {member.Type.Wire}{(isRequired ? ", required" : "")}";
    }

    private static string Text(string heading, IEnumerable<string> lines)
    {
        StringBuilder text = new StringBuilder(heading).Append('\n');
        foreach (string line in lines)
        {
            text.Append("  ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    // The contracts inside of a type: its own, those of its elements and of its type arguments.
    private void Reach(ITypeSymbol? type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                Reach(array.ElementType);
                break;
            case INamedTypeSymbol named:
                if (TypeParser.IsContract(named))
                {
                    _reached.Enqueue((INamedTypeSymbol)named.WithNullableAnnotation(NullableAnnotation.NotAnnotated));
                }
                foreach (ITypeSymbol argument in named.TypeArguments)
                {
                    Reach(argument);
                }
                break;
        }
    }
}

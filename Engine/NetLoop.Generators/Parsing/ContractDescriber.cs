using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Describes the wire form of a contract: a line for each member.</summary>
internal static class ContractDescriber
{
    public static ContractDescription Describe(ContractModel contract, ParseScope scope)
    {
        (string form, IEnumerable<string> lines) = contract switch
        {
            { Codec: { } codec } => ($"opaque {codec.Replace("global::", "")}", []),
            { Cases.Count: > 0 } => ("union", contract.Cases.Select(Line)),
            { IsMap: true } => ("map", contract.Members.Select(Line)),
            _ => ("array", contract.Members.Select(Line)),
        };
        return new(
            ContractNames.Key(scope.Contract),
            scope.Contract.ToDisplayString(),
            contract.MessageType,
            form,
            new([.. lines]),
            new([.. scope.Reached]),
            scope.Contract.IsGenericType);
    }

    private static string Line(UnionCaseModel unionCase) => $"{unionCase.Tag.ToString(CultureInfo.InvariantCulture)}: {unionCase.Type.Wire}";

    private static string Line(MemberModel member)
    {
        string key = member.Key is { } name
            ? SymbolDisplay.FormatLiteral(name, quote: true)
            : $"{member.Index.ToString(CultureInfo.InvariantCulture)} {member.Name.TrimStart('@')}";
        return $"{key}: {member.Type.Wire}{(member.IsRequired ? ", required" : "")}";
    }
}

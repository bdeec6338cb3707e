using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NetLoop.Generators.Parsing;

/// <summary>
/// Reports members of base types in other assemblies that the base sends and this contract would not send: metadata does not even list the private ones.
/// </summary>
internal static class ForeignBases
{
    private const string EndOfName = ": ";

    /// <summary>Checks a contract whose members are known.</summary>
    /// <param name="scope">The contract.</param>
    /// <param name="found">Its members, including those of its bases.</param>
    public static void Check(ParseScope scope, IReadOnlyCollection<ISymbol> found)
    {
        for (INamedTypeSymbol? type = scope.Contract.BaseType; type is { SpecialType: SpecialType.None }; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, scope.Contract.ContainingAssembly)
                || type.GetAttributes().FirstOrDefault(KnownNames.IsDescription)?.ConstructorArguments is not [{ Value: string text }, ..])
            {
                continue;
            }

            foreach (string line in text.Split('\n').Skip(1).Where(line => line.Length > 0))
            {
                string name = NameIn(line.Trim());
                if (!found.Any(symbol => symbol.Name == name || Quoted(symbol) == name))
                {
                    string reason = $"it is a member of '{type.Name}' that '{scope.Contract.Name}' cannot reach; make it protected or public";
                    scope.Findings.Add(Diagnostic.Create(Diagnostics.UnsentMember, scope.LocationOf(scope.Contract), messageArgs: [name, reason]));
                }
            }
        }
    }

    // "0 Name: int32", or "\"name\": int32".
    private static string NameIn(string line)
    {
        string key = line.Substring(
            0, line[0] == '"' ? line.LastIndexOf("\": ", StringComparison.Ordinal) + 1 : line.IndexOf(EndOfName, StringComparison.Ordinal));
        return key[0] == '"' ? key : key.Substring(key.IndexOf(' ') + 1);
    }

    private static string Quoted(ISymbol symbol) =>
        SymbolDisplay.FormatLiteral(MemberKeys.Find(symbol)?.ConstructorArguments is [{ Value: string name }] ? name : symbol.Name, quote: true);
}

using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the response that a message declares by implementing INetRequest.</summary>
internal sealed class RequestParser(ParseScope scope)
{
    /// <summary>The response; null if none is declared, or if the declared type cannot be a response, which is reported.</summary>
    /// <param name="location">The location of the diagnostic.</param>
    public ITypeSymbol? ParseResponse(Location? location)
    {
        IReadOnlyList<ITypeSymbol> responses = DeclaredBy(scope.Contract);
        if (responses.Count == 0)
        {
            return null;
        }

        ITypeSymbol response = responses[0];
        scope.Dependencies.Add(response);
        string? problem = responses.Count > 1
            ? $"it declares two responses, '{response.ToDisplayString()}' and '{responses[1].ToDisplayString()}'; keep one of them"
            : Problem(response);
        if (problem is null)
        {
            scope.HoldsUnimplementable |= !ContractTypes.IsImplemented((INamedTypeSymbol)response, scope.Contract.ContainingAssembly);
            return response;
        }

        scope.Findings.Add(Diagnostic.Create(Diagnostics.InvalidRequest, location, messageArgs: [scope.Contract.Name, problem]));
        return null;
    }

    /// <summary>The responses that a type declares; more than one is a mistake.</summary>
    public static IReadOnlyList<ITypeSymbol> DeclaredBy(ITypeSymbol type) =>
        [.. type.AllInterfaces.Where(KnownNames.IsRequestInterface).Select(request => request.TypeArguments[0])];

    private string? Problem(ITypeSymbol response)
    {
        string name = response.ToDisplayString();
        if (response is not INamedTypeSymbol named || !ContractTypes.IsContract(named))
        {
            return $"its response '{name}' is not a contract; mark a type of yours [NetContract] and respond with that";
        }

        return ContractTypes.HasNestedFormatter(named)
            ? $"its response '{name}' is generic; make it a member of a [NetContract] type and respond with that"
            : ContractTypes.Unusable(named, scope.Contract.ContainingAssembly);
    }
}

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the types of a union, in the order of their tags.</summary>
internal sealed class UnionParser(ParseScope scope)
{
    private readonly INamedTypeSymbol _type = scope.Contract;
    private readonly List<UnionCaseModel> _cases = [];

    public List<UnionCaseModel> Parse()
    {
        if (!_type.IsAbstract)
        {
            Report("only interfaces and abstract classes are unions; make it abstract");
        }

        if (_type.Arity > 0)
        {
            Report("a union cannot be generic; make a union for each type argument");
        }

        foreach (AttributeData attribute in KnownNames.Unions(_type))
        {
            scope.Dependencies.Add(attribute);
            if (attribute.ConstructorArguments is [{ Value: int tag }, { Value: INamedTypeSymbol named }, ..])
            {
                Add(tag, named);
            }
            else
            {
                Report("write each of its types as [Union(0, typeof(Name))]");
            }
        }

        return [.. _cases.OrderBy(unionCase => unionCase.Tag)];
    }

    private void Add(int tag, INamedTypeSymbol named)
    {
        if (named.IsUnboundGenericType)
        {
            Report($"'{named.Name}' is generic; write the type arguments too");
        }
        else if (named.IsAbstract)
        {
            Report($"'{named.Name}' is abstract, so no value has this type; list the types that implement it instead");
        }
        else if (!IsInside(named))
        {
            string isNot = _type.TypeKind == TypeKind.Interface ? "does not implement" : "does not derive from";
            Report($"'{named.Name}' {isNot} it; remove it from the list");
        }
        else if (!ContractTypes.IsContract(named))
        {
            Report($"'{named.Name}' is not a contract; mark it [NetContract]");
        }
        else if (new TypeParser(scope).Parse(named.WithNullableAnnotation(NullableAnnotation.NotAnnotated), out var problem) is not { } model)
        {
            Report($"'{problem.Type}' has no MessagePack form; {problem.Advice}");
        }
        else if (_cases.Find(other => other.Tag == tag) is { } sameTag)
        {
            string number = tag.ToString(CultureInfo.InvariantCulture);
            Report($"'{named.Name}' has tag {number}, which '{sameTag.Type.Wire}' has too; give one of them another tag");
        }
        else if (_cases.Exists(other => other.Type.Name == model.Name))
        {
            Report($"'{named.Name}' is listed twice; remove one");
        }
        else
        {
            _cases.Add(new(tag, model));
        }
    }

    private bool IsInside(INamedTypeSymbol named)
    {
        if (_type.TypeKind == TypeKind.Interface)
        {
            return named.AllInterfaces.Contains(_type, SymbolEqualityComparer.Default);
        }

        INamedTypeSymbol? current = named.BaseType;
        while (current is not null && !SymbolEqualityComparer.Default.Equals(current, _type))
        {
            current = current.BaseType;
        }

        return current is not null;
    }

    private void Report(string reason) => scope.Findings.Add(Diagnostic.Create(
        Diagnostics.InvalidUnion, _type.Locations.FirstOrDefault(location => location.IsInSource), messageArgs: [_type.Name, reason]));
}

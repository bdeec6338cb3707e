using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the members of a contract, in the order of the wire.</summary>
internal sealed class MemberParser(INamedTypeSymbol type, List<Diagnostic> findings)
{
    // Indexes nobody has are sent as nil, so a large one by mistake would cost every message that many bytes.
    private const int MaxIndex = 255;

    // Names that the generated code uses itself.
    private static readonly string[] _takenLocals = ["reader", "writer", "value", "count", "layout", "at", "key", "read", "defaults", "reusable", LocalNames.AnyForm];

    private readonly TypeParser _types = new(type);
    private readonly bool _usesNames = KnownNames.UsesNamesAsKeys(type);
    private readonly HashSet<string> _locals = [.. _takenLocals];
    private readonly List<SourceMember> _members = [];
    private int _freeKeys;

    public List<SourceMember> Parse(out bool isMap)
    {
        List<ISymbol> unkeyed = [];
        foreach (ISymbol symbol in Candidates())
        {
            if (KnownNames.IsIgnored(symbol))
            {
                continue;
            }
            if (FindKey(symbol) is { } key)
            {
                Add(symbol, key);
            }
            else if (IsDataOfItsOwn(symbol))
            {
                unkeyed.Add(symbol);
            }
        }
        isMap = _members.Any(member => member.Key is not null);
        ReportUnkeyed(unkeyed, isMap);
        ReportDuplicates(isMap);
        return isMap ? _members : [.. _members.OrderBy(member => member.Index)];
    }

    // Base types first, so that a map has the order in which people read; an override stands for what it overrides.
    private IEnumerable<ISymbol> Candidates()
    {
        Stack<INamedTypeSymbol> chain = new();
        for (INamedTypeSymbol? current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            chain.Push(current);
        }
        Dictionary<string, ISymbol> last = [];
        List<string> order = [];
        foreach (ISymbol symbol in chain.SelectMany(current => current.GetMembers()))
        {
            bool isMember = symbol is IPropertySymbol { IsIndexer: false, IsStatic: false }
                or IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false };
            bool isVisible = SymbolEqualityComparer.Default.Equals(symbol.ContainingType, type)
                || symbol.DeclaredAccessibility != Accessibility.Private;
            if (!isMember || !isVisible)
            {
                continue;
            }
            if (!last.ContainsKey(symbol.Name))
            {
                order.Add(symbol.Name);
            }
            last[symbol.Name] = symbol;
        }
        return order.Select(name => last[name]);
    }

    private (int Index, string? Name)? FindKey(ISymbol symbol)
    {
        AttributeData? attribute = KnownNames.Key(symbol)
            ?? (PositionalParameter(symbol) is { } parameter ? KnownNames.Key(parameter) : null);
        return attribute?.ConstructorArguments switch
        {
            [{ Value: int index }] => (index, null),
            [{ Value: string name }] => (_members.Count, name),
            _ when _usesNames && IsDataOfItsOwn(symbol) => (_members.Count, symbol.Name),
            _ => null,
        };
    }

    // In a positional record, an attribute without "property:" lands on the parameter.
    private IParameterSymbol? PositionalParameter(ISymbol symbol) => !type.IsRecord ? null : type.InstanceConstructors
        .SelectMany(constructor => constructor.Parameters)
        .FirstOrDefault(parameter => parameter.Name == symbol.Name && !SymbolEqualityComparer.Default.Equals(parameter.Type, type));

    // Public and stored: what somebody who forgot the key surely meant to send. A computed property is not.
    private static bool IsDataOfItsOwn(ISymbol symbol) => symbol.DeclaredAccessibility == Accessibility.Public
        && symbol is IFieldSymbol or IPropertySymbol { SetMethod: not null, GetMethod: not null };

    private void Add(ISymbol symbol, (int Index, string? Name) key)
    {
        if (key.Name is null && key.Index is < 0 or > MaxIndex)
        {
            string index = key.Index.ToString(CultureInfo.InvariantCulture);
            Report(Diagnostics.InvalidKey, symbol, fix: null, symbol.Name, index, $"use an index from 0 to {MaxIndex}");
            return;
        }
        ITypeSymbol memberType = symbol is IPropertySymbol property ? property.Type : ((IFieldSymbol)symbol).Type;
        if (_types.Parse(memberType, out var problem) is { } model)
        {
            _members.Add(new(symbol, Local(symbol.Name), key.Index, key.Name, model));
        }
        else
        {
            Report(Diagnostics.UnsupportedType, symbol, fix: null, symbol.Name, problem.Type, problem.Advice);
        }
    }

    private string Local(string name)
    {
        string local = char.ToLowerInvariant(name[0]) + name.Substring(1);
        while (_locals.Contains(local) || _locals.Contains(local + LocalNames.Bits) || _locals.Contains(local + LocalNames.Seen))
        {
            local += "Member";
        }
        _locals.UnionWith([local, local + LocalNames.Bits, local + LocalNames.Seen]);
        return SyntaxFacts.GetKeywordKind(local) != SyntaxKind.None ? "@" + local : local;
    }

    private void ReportUnkeyed(List<ISymbol> unkeyed, bool isMap)
    {
        int next = _members.Count == 0 ? 0 : _members.Max(member => member.Index) + 1;
        foreach (ISymbol symbol in unkeyed)
        {
            string key = isMap ? $"\"{symbol.Name}\"" : next++.ToString(CultureInfo.InvariantCulture);
            Report(Diagnostics.MissingKey, symbol, key, symbol.Name, type.Name, key);
        }
    }

    private void ReportDuplicates(bool isMap)
    {
        Dictionary<string, SourceMember> seen = [];
        foreach (SourceMember member in _members)
        {
            string key = member.Key ?? member.Index.ToString(CultureInfo.InvariantCulture);
            if (isMap && member.Key is null)
            {
                const string advice = "other members have names; use either names or indexes in one contract";
                Report(Diagnostics.InvalidKey, member.Symbol, $"\"{member.Name}\"", member.Name, key, advice);
            }
            else if (seen.TryGetValue(key, out SourceMember? earlier))
            {
                Report(Diagnostics.DuplicateKey, member.Symbol, FreeKey(member, isMap), member.Name, isMap ? $"\"{key}\"" : key, earlier.Name);
            }
            else
            {
                seen.Add(key, member);
            }
        }
    }

    private string FreeKey(SourceMember member, bool isMap) =>
        isMap ? $"\"{member.Name}\"" : (_members.Max(other => other.Index) + ++_freeKeys).ToString(CultureInfo.InvariantCulture);

    private void Report(DiagnosticDescriptor descriptor, ISymbol symbol, string? fix, params string[] arguments) => findings.Add(Diagnostic.Create(
        descriptor, symbol.Locations.FirstOrDefault(location => location.IsInSource), Diagnostics.Fix(fix), messageArgs: arguments));
}

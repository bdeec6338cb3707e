using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the members of a contract in wire order.</summary>
internal sealed class MemberParser(ParseScope scope)
{
    // Unused indexes are sent as nil, so one large index by mistake would cost every message that many bytes.
    private const int MaxIndex = 255;

    // Names that the generated code uses itself; the last one would be a discard.
    private static readonly string[] TakenLocals =
    [
        "reader", "writer", "value", "count", "layout", "at", "key", "read", "reusable", LocalNames.AnyForm, LocalNames.Find, "_",
    ];

    private readonly INamedTypeSymbol _type = scope.Contract;
    private readonly TypeParser _types = new(scope);
    private readonly bool _usesNames = KnownNames.UsesNamesAsKeys(scope.Contract);
    private readonly HashSet<string> _locals = [.. TakenLocals];
    private readonly List<SourceMember> _members = [];
    private int _freeKeys;

    public List<SourceMember> Parse(out bool isMap)
    {
        List<ISymbol> unkeyed = [];
        IEnumerable<ISymbol> found = new MemberFinder(scope, _usesNames).Find();
        foreach (ISymbol symbol in _usesNames ? NamedMembers.Choose(_type, found) : found)
        {
            if (FindKey(symbol) is { } key)
            {
                Add(symbol, key);
            }
            else if (MemberKeys.IsDataOfItsOwn(symbol))
            {
                unkeyed.Add(symbol);
            }
        }

        isMap = _usesNames || _members.Any(member => member.Key is not null);
        ReportUnkeyed(unkeyed, isMap);
        ReportDuplicates(isMap);
        return isMap ? _members : [.. _members.OrderBy(member => member.Index)];
    }

    private (int Index, string? Name)? FindKey(ISymbol symbol)
    {
        AttributeData? attribute = MemberKeys.Find(symbol);
        if (attribute is not null)
        {
            scope.Dependencies.Add(attribute);
        }

        return attribute?.ConstructorArguments switch
        {
            _ when _usesNames => (_members.Count, symbol.Name),
            [{ Value: int index }] => (index, null),
            [{ Value: string name }] => (_members.Count, name),
            _ => null,
        };
    }

    private void Add(ISymbol symbol, (int Index, string? Name) key)
    {
        if (key.Name is null && key.Index is < 0 or > MaxIndex)
        {
            string index = key.Index.ToString(CultureInfo.InvariantCulture);
            Report(Diagnostics.InvalidKey, symbol, fix: null, symbol.Name, index, $"use an index from 0 to {MaxIndex}");
            return;
        }

        if (key.Name is { } text && HasLoneSurrogate(text))
        {
            Report(
                Diagnostics.InvalidKey,
                symbol,
                fix: $"\"{symbol.Name}\"",
                symbol.Name,
                SymbolDisplay.FormatLiteral(text, quote: true),
                "half a surrogate pair is not valid UTF-8 text");
            return;
        }

        scope.UsesObsolete |= KnownNames.IsObsoleteWithError(symbol);
        ITypeSymbol memberType = symbol is IPropertySymbol property ? property.Type : ((IFieldSymbol)symbol).Type;
        if (_types.Parse(memberType, out var problem) is { } model)
        {
            (bool isReadable, bool isSettable) = Access(symbol);
            _members.Add(new(symbol, Local(symbol.Name), key.Index, key.Name, model, isReadable, isSettable));
        }
        else
        {
            Report(Diagnostics.UnsupportedType, symbol, fix: null, symbol.Name, problem.Type, problem.Advice);
        }
    }

    // An override may omit an accessor and then inherits it.
    private (bool IsReadable, bool IsSettable) Access(ISymbol symbol)
    {
        if (symbol is IFieldSymbol field)
        {
            return (true, !field.IsReadOnly);
        }

        IMethodSymbol? getter = null;
        IMethodSymbol? setter = null;
        for (IPropertySymbol? at = (IPropertySymbol)symbol; at is not null; at = at.OverriddenProperty)
        {
            getter ??= at.GetMethod;
            setter ??= at.SetMethod;
        }

        return (getter is not null && scope.CanReach(getter), setter is not null && scope.CanReach(setter));
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
            Report(Diagnostics.MissingKey, symbol, key, symbol.Name, _type.Name, key);
        }
    }

    private void ReportDuplicates(bool isMap)
    {
        Dictionary<string, SourceMember> seen = new(StringComparer.Ordinal);
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

    private static bool HasLoneSurrogate(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (char.IsSurrogate(text[index]))
            {
                return true;
            }
        }

        return false;
    }

    private void Report(DiagnosticDescriptor descriptor, ISymbol symbol, string? fix, params string[] arguments) => scope.Findings.Add(Diagnostic.Create(
        descriptor, symbol.Locations.FirstOrDefault(location => location.IsInSource), Diagnostics.Fix(fix), messageArgs: arguments));
}

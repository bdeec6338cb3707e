using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>A keyed member with its symbols, before it becomes a model.</summary>
/// <param name="Symbol">The property or field.</param>
/// <param name="Local">The variable that holds it while the contract is read.</param>
/// <param name="Index">The index in the array, or the position in the map.</param>
/// <param name="Key">The name in the map; null in an array.</param>
/// <param name="Type">How the member is written and read.</param>
/// <param name="IsReadable">Whether the contract's code can get it.</param>
/// <param name="IsSettable">Whether the contract's code can set it in an object initializer.</param>
internal sealed record SourceMember(ISymbol Symbol, string Local, int Index, string? Key, TypeModel Type, bool IsReadable, bool IsSettable)
{
    public string Name => Symbol.Name;

    /// <summary>The type in the member's declaration.</summary>
    public ITypeSymbol DeclaredType => Symbol is IPropertySymbol property ? property.Type : ((IFieldSymbol)Symbol).Type;

    /// <summary>Whether the member is marked required, so that every creation of an instance must set it.</summary>
    public bool MustBeSet => Symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };
}

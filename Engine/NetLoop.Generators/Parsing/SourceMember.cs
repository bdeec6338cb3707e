using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>A keyed member while symbols are still at hand.</summary>
/// <param name="Symbol">The property or field.</param>
/// <param name="Local">The variable that holds it while the contract is read.</param>
/// <param name="Index">Its index in the array; its place in the map.</param>
/// <param name="Key">Its name in the map; null in an array.</param>
/// <param name="Type">How it is written and read.</param>
/// <param name="IsReadable">The contract's code can get it.</param>
/// <param name="IsSettable">The contract's code can set it in an object initializer.</param>
internal sealed record SourceMember(ISymbol Symbol, string Local, int Index, string? Key, TypeModel Type, bool IsReadable, bool IsSettable)
{
    public string Name => Symbol.Name;

    /// <summary>As the contract declares it.</summary>
    public ITypeSymbol DeclaredType => Symbol is IPropertySymbol property ? property.Type : ((IFieldSymbol)Symbol).Type;

    /// <summary>Marked required: nobody makes an instance without setting it.</summary>
    public bool MustBeSet => Symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };
}

using System.ComponentModel;

namespace NetLoop.CompilerServices;

/// <summary>Describes the wire form of a contract. The source generator writes it for other projects whose contracts contain this one.</summary>
/// <param name="text">A heading, and a line for each member.</param>
/// <param name="inside">The nested contracts, each in a form that the generator knows.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class NetContractDescriptionAttribute(string text, params string[] inside) : Attribute
{
    /// <summary>A heading, and a line for each member. A generic contract has <c>{0}</c> where its first type argument belongs.</summary>
    public string Text { get; } = text;

    /// <summary>The nested contracts, each in a form that the generator knows.</summary>
    public IReadOnlyList<string> Inside { get; } = inside;
}

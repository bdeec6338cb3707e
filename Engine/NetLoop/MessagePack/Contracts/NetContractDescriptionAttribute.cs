using System.ComponentModel;

namespace NetLoop.CompilerServices;

/// <summary>What a contract looks like on the wire. The source generator writes it, for the projects that have the contract inside of theirs.</summary>
/// <param name="text">A heading, and a line for each member.</param>
/// <param name="inside">The contracts inside, each in a form that the generator knows.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class NetContractDescriptionAttribute(string text, params string[] inside) : Attribute
{
    /// <summary>A heading, and a line for each member. A generic contract has <c>{0}</c> where its first type argument belongs.</summary>
    public string Text { get; } = text;

    /// <summary>The contracts inside, each in a form that the generator knows.</summary>
    public IReadOnlyList<string> Inside { get; } = inside;
}

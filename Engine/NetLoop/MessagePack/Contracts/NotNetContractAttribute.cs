namespace NetLoop;

/// <summary>Keeps the source generator away from a partial type that is annotated for MessagePack-CSharp alone: it is no contract here.</summary>
/// <remarks>Without effect beside <see cref="NetContractAttribute"/> and <see cref="NetMessageAttribute"/>, which say the opposite.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class NotNetContractAttribute : Attribute;

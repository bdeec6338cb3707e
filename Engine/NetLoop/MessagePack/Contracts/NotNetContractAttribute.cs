namespace NetLoop;

/// <summary>Makes the source generator ignore a partial type that is annotated only for MessagePack-CSharp, so that it does not become a contract.</summary>
/// <remarks>Has no effect on types with <see cref="NetContractAttribute"/> or <see cref="NetMessageAttribute"/>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class NotNetContractAttribute : Attribute;

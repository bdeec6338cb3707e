namespace NetLoop;

/// <summary>Marks a partial type that travels inside messages or as a response; the source generator writes its codec.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class NetContractAttribute : Attribute;

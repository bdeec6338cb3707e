namespace NetLoop;

/// <summary>Names one of the types that a value of an interface or abstract class can be.</summary>
/// <remarks>On the wire: an array of the tag and the value. Makes the interface or class, which must be partial, a contract.</remarks>
/// <param name="tag">Stands for the type on the wire, unique in the union, and stays with the type for ever.</param>
/// <param name="type">A contract that implements the interface or derives from the class.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class UnionAttribute(int tag, Type type) : Attribute
{
    /// <summary>Stands for the type on the wire.</summary>
    public int Tag { get; } = tag;

    /// <summary>What the tag stands for.</summary>
    public Type Type { get; } = type;
}

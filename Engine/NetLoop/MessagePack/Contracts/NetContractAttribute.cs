namespace NetLoop;

/// <summary>Marks a partial type that travels inside messages or as a response; the source generator writes its codec.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class NetContractAttribute : Attribute
{
    /// <summary>
    /// An <see cref="IMessageCodec"/> that writes and reads the whole value; its members then need no keys. Null to let the
    /// generator write the code.
    /// </summary>
    public Type? Codec { get; set; }
}

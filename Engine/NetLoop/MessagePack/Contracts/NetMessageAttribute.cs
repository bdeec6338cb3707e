namespace NetLoop;

/// <summary>Marks a partial type as a message; the source generator writes its codec.</summary>
/// <param name="type">The type number on the wire: 64 to 65535, unique in the application.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class NetMessageAttribute(int type) : Attribute
{
    /// <summary>The type number on the wire.</summary>
    public int Type { get; } = type;

    /// <summary>
    /// An <see cref="IMessageCodec"/> that writes and reads the whole value; its members then need no keys. Null to let the
    /// generator write the code.
    /// </summary>
    public Type? Codec { get; set; }
}

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

    /// <summary>How the message is sent when the call does not say so.</summary>
    public Delivery Delivery { get; set; }

    /// <summary>
    /// The channel on which it is sent over datagrams, 0 to 15. A channel has one order and one window, so a large transfer on one channel does not hold up
    /// the others. Requests, responses and the engine's own messages use channel 0.
    /// </summary>
    public int Channel { get; set; }

    /// <summary>
    /// For <see cref="Delivery.Sequenced"/>: the name of an integer, enum or bool member, such as <c>nameof(EntityId)</c>. While the peer is behind, a newer
    /// message replaces the waiting one with the same value. Null: it replaces the waiting message of the same type.
    /// </summary>
    public string? ConflateBy { get; set; }
}

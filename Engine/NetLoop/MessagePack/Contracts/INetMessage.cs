// For unions in CLS-compliant assemblies: an interface is CLS-compliant only if its base interfaces are, whatever types their members use.
#pragma warning disable CS3001, CS3003, CS3014

namespace NetLoop;

/// <summary>A contract with its own type number, which can be sent as a message or a request.</summary>
[CLSCompliant(true)]
public interface INetMessage<TSelf> : INetContract<TSelf>
    where TSelf : INetMessage<TSelf>
{
    /// <summary>The type number on the wire: 64 to 65535 for applications, 0 to 63 for the engine.</summary>
    static abstract int MessageType { get; }

    /// <summary>The name for logs and errors; by default the name of the type.</summary>
    static virtual string MessageName => typeof(TSelf).Name;

    /// <summary>How it is sent when the call does not say so.</summary>
    static virtual Delivery Delivery => Delivery.ReliableOrdered;

    /// <summary>The channel on which it is sent over datagrams, 0 to 15. Channels do not wait for each other.</summary>
    static virtual int Channel => 0;

    /// <summary>
    /// Returns the key of a sequenced message: while the peer is behind, it replaces a waiting message of the same type with the same key.
    /// </summary>
    static virtual long GetConflationKey(in TSelf message) => 0;
}

// For unions in CLS-compliant assemblies: an interface is CLS-compliant only if its base interfaces are, whatever types their members use.
#pragma warning disable CS3001, CS3014

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
}

// For unions in assemblies that are CLS-compliant: an interface is only when those that it extends are, whatever their members take.
#pragma warning disable CS3001, CS3014

namespace NetLoop;

/// <summary>A contract with a type number of its own: what is sent as a message or a request.</summary>
[CLSCompliant(true)]
public interface INetMessage<TSelf> : INetContract<TSelf>
    where TSelf : INetMessage<TSelf>
{
    /// <summary>The type on the wire: 64 to 65535 for applications, 0 to 63 for the engine.</summary>
    static abstract int MessageType { get; }

    /// <summary>The name for logs and errors: by default that of the type.</summary>
    static virtual string MessageName => typeof(TSelf).Name;
}

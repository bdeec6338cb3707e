#pragma warning disable CA1708 // Both extensions have a member of the same name, on purpose: it reads the same for servers and clients.
#pragma warning disable CA1822 // A static member could not be reached through the options.

namespace NetLoop;

/// <summary><c>o.Messages</c> on the options of servers and clients.</summary>
public static class MessageTypesOfOptions
{
    extension(NetServerOptions options)
    {
        /// <summary>The message types that are not contracts: <c>o.Messages.Add&lt;Dictionary&lt;string, int&gt;&gt;(200)</c>.</summary>
        public MessageTypes Messages => MessageTypes.Shared;
    }

    extension(NetClientOptions options)
    {
        /// <inheritdoc cref="extension(NetServerOptions).Messages"/>
        public MessageTypes Messages => MessageTypes.Shared;
    }
}

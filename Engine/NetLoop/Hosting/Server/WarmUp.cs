using System.Security.Claims;
using NetLoop.Framing.WebSockets;
using NetLoop.Stack;

namespace NetLoop.Hosting.Server;

/// <summary>Has loaded and opened before a loop runs what its first connections would load and open on it.</summary>
internal static class WarmUp
{
    /// <summary>Runs once a server starts. Thread: that of the caller.</summary>
    public static void Run(NetServerOptions options)
    {
        // The first Hello asks for its resume token: an assembly, a library of the system, a descriptor.
        if (options.Entropy is SystemEntropy)
        {
            Span<byte> token = stackalloc byte[16];
            options.Entropy.Fill(token);
        }

        // What masks is in an assembly of its own, by name.
        if (options.Listeners.Any(static listener => listener.Endpoint.Scheme == EndpointScheme.WebSocket))
        {
            Span<byte> payload = stackalloc byte[64];
            WebSocketMask.Apply(payload, payload, key: 0);
        }

        // A session has a property of a type from there.
        GC.KeepAlive(typeof(ClaimsPrincipal));

        // A pool that has a thread need not start one while the descriptors are few.
        ThreadPool.UnsafeQueueUserWorkItem(static _ => { }, null);
    }
}

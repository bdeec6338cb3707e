using System.Security.Claims;
using NetLoop.Framing.WebSockets;
using NetLoop.Stack;

namespace NetLoop.Hosting.Server;

/// <summary>Loads and opens in advance what the first connections would otherwise load and open on the loop.</summary>
internal static class WarmUp
{
    /// <summary>Called when a server starts. Thread: the caller's.</summary>
    public static void Run(NetServerOptions options)
    {
        // The first Hello needs a random resume token, which loads an assembly and a system library and takes a descriptor.
        if (options.Entropy is SystemEntropy)
        {
            Span<byte> token = stackalloc byte[16];
            options.Entropy.Fill(token);
        }

        // The vector code for masking is in an assembly of its own.
        if (options.Listeners.Any(static listener => listener.Endpoint.IsWebSocket))
        {
            Span<byte> payload = stackalloc byte[64];
            WebSocketMask.Apply(payload, payload, key: 0);
        }

        // A property of Session has a type from this assembly.
        GC.KeepAlive(typeof(ClaimsPrincipal));

        // A pool that already has a thread need not start one while descriptors are few.
        ThreadPool.UnsafeQueueUserWorkItem(static _ => { }, null);
    }
}

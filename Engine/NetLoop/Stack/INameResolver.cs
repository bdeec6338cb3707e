using System.Net;

namespace NetLoop.Stack;

/// <summary>Resolves host names.</summary>
/// <remarks>Thread: any except a loop's, which must not block on it.</remarks>
internal interface INameResolver
{
    /// <summary>Finds the addresses of a host, best first; empty if the name has none.</summary>
    /// <exception cref="IOException">No name server answered.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation);
}

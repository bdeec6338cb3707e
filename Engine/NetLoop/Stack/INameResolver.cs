using System.Net;

namespace NetLoop.Stack;

/// <summary>Looks host names up.</summary>
/// <remarks>Thread: any but a loop's, which must not wait for it.</remarks>
internal interface INameResolver
{
    /// <summary>Finds the addresses of a host, best first; none when the name has none.</summary>
    /// <exception cref="IOException">Nobody who knows answered.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation);
}

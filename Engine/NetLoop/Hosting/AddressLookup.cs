using System.Net;
using NetLoop.Stack;

namespace NetLoop.Hosting;

/// <summary>The addresses of a host name, or the reason why there are none.</summary>
/// <param name="Addresses">In the order in which to try them.</param>
/// <param name="Failure">The reason why there are none, as a sentence without its full stop; null if there are addresses.</param>
internal sealed record AddressLookup(IReadOnlyList<NetEndpoint> Addresses, string? Failure = null)
{
    /// <summary>Resolves a host name. <c>localhost</c> and the names below it need no resolver (RFC 6761, section 6.3).</summary>
    /// <param name="names">The resolver.</param>
    /// <param name="endpoint">An endpoint with a host name.</param>
    /// <param name="timeout">Maximum time to wait.</param>
    /// <param name="time">The clock of the timeout.</param>
    /// <param name="cancellation">Cancels the lookup.</param>
    public static async Task<AddressLookup> FindAsync(
        INameResolver names, NetEndpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancellation)
    {
        string host = endpoint.HostName;
        if (EndpointText.IsLocalhost(host))
        {
            return new AddressLookup([endpoint.At(IPAddress.IPv6Loopback), endpoint.At(IPAddress.Loopback)]);
        }

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            IPAddress[] found = await names.ResolveAsync(host, giveUp.Token).WaitAsync(timeout, time, cancellation).ConfigureAwait(false);
            return found.Length > 0
                ? new AddressLookup(Interleave([.. found.Select(endpoint.At)]))
                : Failed($"the name '{host}' has no address; check how it is written");
        }
        catch (TimeoutException)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            return Failed($"the name '{host}' was not found within {timeout.TotalSeconds:0.###} s");
        }
        catch (IOException exception)
        {
            return Failed($"the name '{host}' cannot be looked up: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Alternates between IPv6 and IPv4, starting with the family of the first address, so that a broken family costs only one attempt.</summary>
    /// <remarks>Source: RFC 8305, section 4.</remarks>
    internal static IReadOnlyList<NetEndpoint> Interleave(IReadOnlyList<NetEndpoint> found)
    {
        var best = new Queue<NetEndpoint>(found.Where(address => address.IsIPv4 == found[0].IsIPv4));
        var others = new Queue<NetEndpoint>(found.Where(address => address.IsIPv4 != found[0].IsIPv4));
        var ordered = new List<NetEndpoint>(found.Count);
        while (best.Count + others.Count > 0)
        {
            if (best.TryDequeue(out NetEndpoint address))
            {
                ordered.Add(address);
            }

            if (others.TryDequeue(out address))
            {
                ordered.Add(address);
            }
        }

        return ordered;
    }

    private static AddressLookup Failed(string why) => new([], why);
}

using System.Buffers.Binary;
using NetLoop.Sessions;

namespace NetLoop.Hosting.Server;

/// <summary>The connect tokens of a server's UDP listeners, and what the authenticator decided about the clients that have one.</summary>
/// <remarks>Thread: any; locked.</remarks>
internal sealed class UdpTokens(TimeProvider time, IEntropySource entropy) : IConnectTokens
{
    /// <summary>Decisions that wait for their clients; beyond that, a client is authenticated again.</summary>
    private const int MaxDecisions = 65_536;

    private readonly Lock _gate = new();
    private readonly List<Listener> _listeners = [];
    private readonly Dictionary<ulong, (AuthenticationResult Result, long Expires)> _decisions = [];
    private readonly Queue<(ulong ClientId, long Expires)> _order = new();

    /// <summary>Adds a listener.</summary>
    public void Add(in NetEndpoint bound, UdpServerOptions options, ConnectTokenKey key)
    {
        lock (_gate)
        {
            _listeners.Add(new Listener(bound, options, key));
        }
    }

    public byte[]? Issue(in NetEndpoint wanted, AuthenticationResult? accepted)
    {
        lock (_gate)
        {
            if (ListenerFor(wanted) is not { } listener)
            {
                return null;
            }

            Span<byte> random = stackalloc byte[sizeof(ulong)];
            entropy.Fill(random);
            ulong clientId = BinaryPrimitives.ReadUInt64LittleEndian(random);
            ConnectToken token = Create(listener, [wanted], clientId, default, lifetime: null);
            if (accepted is not null)
            {
                Remember(clientId, accepted, listener.Options.TokenLifetime);
            }

            return token.Bytes.ToArray();
        }
    }

    /// <summary>Creates a token for a client that the application has authenticated itself.</summary>
    /// <exception cref="InvalidOperationException">The server has no UDP listener.</exception>
    public ConnectToken Create(ulong clientId, ReadOnlySpan<byte> userData, TimeSpan? lifetime)
    {
        lock (_gate)
        {
            if (_listeners is not [{ } listener, ..])
            {
                throw new InvalidOperationException("The server has no UDP listener, or has not started; add one with ListenUdp.");
            }

            return Create(listener, [listener.Bound], clientId, userData, lifetime);
        }
    }

    public AuthenticationResult? TakeDecision(ulong clientId)
    {
        lock (_gate)
        {
            return _decisions.Remove(clientId, out (AuthenticationResult Result, long Expires) decision) ? decision.Result : null;
        }
    }

    /// <summary>
    /// The listener that a client reaches at an address: the one that has it as a public address, or its port. A NAT or a relay may map another port to the
    /// only one.
    /// </summary>
    private Listener? ListenerFor(NetEndpoint wanted)
    {
        List<Listener> giving = _listeners.FindAll(static listener => listener.Options.GivesTokens);
        return giving.Find(listener => listener.Options.PublicEndpoints.Contains(wanted))
            ?? giving.Find(listener => listener.Bound.Port == wanted.Port)
            ?? (giving is [{ Options.PublicEndpoints.Count: 0 } only] ? only : null);
    }

    private ConnectToken Create(Listener listener, NetEndpoint[] addresses, ulong clientId, ReadOnlySpan<byte> userData, TimeSpan? lifetime)
    {
        UdpServerOptions options = listener.Options;
        IReadOnlyList<NetEndpoint> servers = options.PublicEndpoints.Count > 0 ? [.. options.PublicEndpoints] : addresses;
        return ConnectToken.Create(
            listener.Key, servers, clientId, userData, lifetime ?? options.TokenLifetime, options.Timeout, options.ProtocolId, time, entropy);
    }

    private void Remember(ulong clientId, AuthenticationResult accepted, TimeSpan lifetime)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        while (_order.TryPeek(out (ulong ClientId, long Expires) oldest) && oldest.Expires <= now)
        {
            _order.Dequeue();
            _decisions.Remove(oldest.ClientId);
        }

        if (_decisions.Count < MaxDecisions)
        {
            long expires = now + (long)lifetime.TotalSeconds + 10;
            _decisions[clientId] = (accepted, expires);
            _order.Enqueue((clientId, expires));
        }
    }

    private sealed record Listener(NetEndpoint Bound, UdpServerOptions Options, ConnectTokenKey Key);
}

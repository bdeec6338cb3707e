using NetLoop.Buffers;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Transports.Streams;

/// <summary>What all stream connections of one listener or client have in common: limits, and how their bytes become bodies.</summary>
internal sealed class StreamProfile
{
    /// <summary>Before its peer is known a body may be this long at most: nobody unknown gets more memory than that.</summary>
    private const int MaxFirstBodyBytes = 1024;

    private readonly ConnectionSet _set;
    private readonly IEntropySource _entropy;
    private readonly int _maxBodyBytes;
    private readonly FramedProtocol _first;

    /// <param name="set">The connections of the loop that they are on.</param>
    /// <param name="entropy">For what a peer must not foresee.</param>
    /// <param name="maxBodyBytes">Longest body.</param>
    /// <param name="limits">What one connection may cost.</param>
    public StreamProfile(ConnectionSet set, IEntropySource entropy, int maxBodyBytes, StreamLimits limits)
    {
        _set = set;
        _entropy = entropy;
        _maxBodyBytes = maxBodyBytes;
        Limits = limits;
        Shared = new FramedProtocol(new LengthPrefixFramer(maxBodyBytes), isStateless: true);
        _first = new FramedProtocol(new LengthPrefixFramer(Math.Min(MaxFirstBodyBytes, maxBodyBytes))) { Next = CreateFramed };
    }

    public StreamLimits Limits { get; }

    /// <summary>What connections speak that have no other protocol: it keeps no state.</summary>
    public FramedProtocol Shared { get; }

    /// <summary>Makes the framer of each connection; null for length prefixes.</summary>
    public Func<IFramer>? Framers { get; init; }

    /// <summary>How connections speak WebSocket; null when they do not.</summary>
    public WebSocketSettings? WebSocket { get; init; }

    /// <summary>Whether the peer of an accepted connection is unknown until <see cref="Connection.Admit"/>.</summary>
    public bool AdmitsLater { get; init; }

    /// <summary>Most bytes of one receive of an accepted connection. What comes too early to be delivered is held, so a peer that nobody knows yet is read in small pieces.</summary>
    public int FirstReceiveBytes => AdmitsLater ? _first.Framing.HeaderBytes + _first.Framing.MaxBodyBytes : ReceiveScratch.ReceiveBytes;

    /// <summary>What a new connection speaks.</summary>
    public StreamProtocol CreateProtocol(bool isDialing)
    {
        bool isUnknown = AdmitsLater && !isDialing;
        if (WebSocket is not null)
        {
            int firstBytes = isUnknown ? _first.Framing.MaxBodyBytes : _maxBodyBytes;
            return new WebSocketStream(new WebSocketProtocol(WebSocket, firstBytes, _set.Pool, _entropy), _maxBodyBytes);
        }

        return isUnknown ? _first : CreateFramed();
    }

    private FramedProtocol CreateFramed() => Framers is null ? Shared : new FramedProtocol(Framers());
}

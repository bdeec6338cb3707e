using NetLoop.Buffers;

namespace NetLoop.Transports.Streams;

/// <summary>What all stream connections of one listener or client have in common: limits, and how their bytes become bodies.</summary>
internal sealed class StreamProfile
{
    /// <summary>Before its peer is known a body may be this long at most: nobody unknown gets more memory than that.</summary>
    private const int MaxFirstBodyBytes = 1024;

    private readonly FramedProtocol _first;

    /// <param name="maxBodyBytes">Longest body.</param>
    /// <param name="limits">What one connection may cost.</param>
    public StreamProfile(int maxBodyBytes, StreamLimits limits)
    {
        MaxBodyBytes = maxBodyBytes;
        Limits = limits;
        Shared = new FramedProtocol(new LengthPrefixFramer(maxBodyBytes), isStateless: true);
        _first = new FramedProtocol(new LengthPrefixFramer(Math.Min(MaxFirstBodyBytes, maxBodyBytes))) { Next = CreateFramed };
    }

    /// <summary>Longest body.</summary>
    public int MaxBodyBytes { get; }

    public StreamLimits Limits { get; }

    /// <summary>What connections speak that have no other protocol: it keeps no state.</summary>
    public FramedProtocol Shared { get; }

    /// <summary>Makes the framer of each connection; null for length prefixes.</summary>
    public Func<IFramer>? Framers { get; init; }

    /// <summary>
    /// Makes another protocol than frames, WebSocket, for each connection, from the longest body of a peer that is not known yet; null for
    /// frames.
    /// </summary>
    public Func<int, StreamProtocol>? Protocols { get; init; }

    /// <summary>Whether the session opens by Hello: the peer is unknown, and bodies have length prefixes, until <see cref="Connection.Admit"/>.</summary>
    public bool AdmitsLater { get; init; }

    /// <summary>
    /// Most bytes of one receive of an accepted connection. What comes too early to be delivered is held, so a peer that nobody knows yet
    /// is read in small pieces.
    /// </summary>
    public int FirstReceiveBytes => AdmitsLater ? _first.Framing.HeaderBytes + _first.Framing.MaxBodyBytes : ReceiveScratch.ReceiveBytes;

    /// <summary>What a new connection speaks.</summary>
    public StreamProtocol CreateProtocol(bool isDialing)
    {
        bool isUnknown = AdmitsLater && !isDialing;
        if (Protocols is not null)
        {
            return Protocols(isUnknown ? _first.Framing.MaxBodyBytes : MaxBodyBytes);
        }

        if (isDialing && AdmitsLater && Framers is not null)
        {
            // The response to Hello has a length prefix, whatever framing follows.
            return new FramedProtocol(new LengthPrefixFramer(MaxBodyBytes)) { Next = CreateFramed };
        }

        return isUnknown ? _first : CreateFramed();
    }

    private FramedProtocol CreateFramed() => Framers is null ? Shared : new FramedProtocol(Framers());
}

using NetLoop.Buffers;

namespace NetLoop.Transports.Streams;

/// <summary>The settings of all stream connections of one listener or client: limits, and the protocol.</summary>
internal sealed class StreamProfile
{
    /// <summary>Longest body before the peer is known: unknown peers get no more memory than that.</summary>
    private const int MaxFirstBodyBytes = 1024;

    private readonly FramedProtocol _first;

    /// <param name="maxBodyBytes">Longest body.</param>
    /// <param name="limits">The limits of one connection.</param>
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

    /// <summary>The shared protocol of connections that need no other one; it keeps no state.</summary>
    public FramedProtocol Shared { get; }

    /// <summary>Creates the framer of each connection; null for length prefixes.</summary>
    public Func<IFramer>? Framers { get; init; }

    /// <summary>Creates a protocol other than frames (WebSocket) for each connection, given the longest body of an unknown peer; null for frames.</summary>
    public Func<int, StreamProtocol>? Protocols { get; init; }

    /// <summary>Makes the channel of each connection; null for plain bytes.</summary>
    public Func<IStreamChannel>? Channels { get; init; }

    /// <summary>Whether the session opens with Hello: until <see cref="Connection.Admit"/> the peer is unknown, and bodies have length prefixes.</summary>
    public bool AdmitsLater { get; init; }

    /// <summary>
    /// Most bytes of one receive of an accepted connection. Input that cannot be delivered yet is held, so an unknown peer is read in small pieces.
    /// </summary>
    public int FirstReceiveBytes => AdmitsLater ? _first.Framing.HeaderBytes + _first.Framing.MaxBodyBytes : ReceiveScratch.ReceiveBytes;

    /// <summary>Creates the protocol of a new connection.</summary>
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

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>Finds the longest packet that a path carries, and notices when it carries less than before.</summary>
/// <remarks>
/// Source: RFC 8899, with a table of common sizes instead of a binary search. A lost probe says nothing about congestion. Messages of the network (ICMP) are
/// not trusted, because anybody can forge them. Times are nanoseconds, lengths are those of a link's packets.
/// </remarks>
internal struct PathMtu(LinkOptions options)
{
    /// <summary>Probes of one length that must be lost before a shorter one is tried.</summary>
    private const int MaxProbes = 3;

    /// <summary>Long packets that must be lost in a row, and the time for which none may have arrived, before the path counts as one that drops them.</summary>
    private const int LostToFallBack = 4;
    private const long TimeToFallBack = 1_000_000_000;

    /// <summary>Time after which a probe counts as lost if nothing else is acknowledged.</summary>
    private const long ProbeTime = 1_000_000_000;

    /// <summary>Time from the end of a search, or from a fall, to the next search.</summary>
    private const long SearchInterval = 600_000_000_000;

    private long _nextProbe = long.MaxValue;
    private long _probe = -1;
    private int _candidate;
    private int _probes;
    private int _lostInARow;
    private long _arrivedAt;

    /// <summary>
    /// Lengths to try, the longest first: Ethernet with IPv4 and with IPv6, PPPoE or a tunnel, a VPN, and the shortest that IPv6 allows. Without the headers
    /// of IP and UDP, and without what netcode adds.
    /// </summary>
    private static ReadOnlySpan<int> Candidates =>
    [
        1_472 - LinkOptions.PacketOverhead,
        1_452 - LinkOptions.PacketOverhead,
        1_412 - LinkOptions.PacketOverhead,
        1_352 - LinkOptions.PacketOverhead,
        1_232 - LinkOptions.PacketOverhead,
    ];

    /// <summary>Longest packet that is known to arrive.</summary>
    public int PacketBytes { get; private set; } = options.MaxPayloadBytes;

    /// <summary>Whether longer packets arrive than every path carries.</summary>
    public readonly bool IsRaised => PacketBytes > options.MaxPayloadBytes;

    /// <summary>Number of the probe that is under way; -1 for none.</summary>
    public readonly long Probe => _probe;

    /// <summary>When a probe is to be sent, or counts as lost; <see cref="long.MaxValue"/> for never.</summary>
    public readonly long NextDue => _nextProbe;

    /// <summary>Begins to search, unless it has before: there is enough to send that longer packets are of use.</summary>
    public void Begin(long now)
    {
        if (_nextProbe == long.MaxValue && options.LongestPayloadBytes > options.MaxPayloadBytes)
        {
            _nextProbe = now;
        }
    }

    /// <summary>Begins a probe, which is due.</summary>
    /// <param name="number">Its packet number.</param>
    /// <param name="now">Now.</param>
    /// <returns>Its length; 0 if no length is left to try.</returns>
    public int BeginProbe(long number, long now)
    {
        while (_candidate < Candidates.Length && Candidates[_candidate] > options.LongestPayloadBytes)
        {
            _candidate++;
        }

        if (_candidate == Candidates.Length || Candidates[_candidate] <= PacketBytes)
        {
            EndSearch(now);
            return 0;
        }

        _probe = number;
        _nextProbe = now + ProbeTime;
        return Candidates[_candidate];
    }

    /// <summary>A probe has arrived.</summary>
    public void OnProbeArrived(int bytes, long now)
    {
        PacketBytes = bytes;
        OnArrived(bytes, now);
        EndSearch(now);
    }

    /// <summary>A probe was lost.</summary>
    public void OnProbeLost(long now)
    {
        _probe = -1;
        _nextProbe = now;
        if (++_probes == MaxProbes)
        {
            _probes = 0;
            _candidate++;
        }
    }

    /// <summary>A packet has arrived.</summary>
    public void OnArrived(int bytes, long now)
    {
        if (bytes > options.MaxPayloadBytes)
        {
            _lostInARow = 0;
            _arrivedAt = now;
        }
    }

    /// <summary>A packet was lost. When several long ones are lost and none arrives, only short ones are sent from now on.</summary>
    public void OnLost(int bytes, long now)
    {
        if (IsRaised && bytes > options.MaxPayloadBytes && ++_lostInARow >= LostToFallBack && now - _arrivedAt >= TimeToFallBack)
        {
            PacketBytes = options.MaxPayloadBytes;
            EndSearch(now);
        }
    }

    private void EndSearch(long now)
    {
        _probe = -1;
        _probes = 0;
        _candidate = 0;
        _nextProbe = now + SearchInterval;
    }
}

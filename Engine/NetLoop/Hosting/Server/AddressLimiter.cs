using NetLoop.Sessions.Limits;

namespace NetLoop.Hosting.Server;

/// <summary>How many connections each remote address has, and how often it comes.</summary>
/// <remarks>
/// Thread: any loop of the server; a lock guards it, taken for connections from other machines only. An IPv6 address counts by its /64, the
/// smallest network one person gets. Loopback and Unix peers are not limited: they are this machine's own. Holds one entry for each address
/// with a connection, and those that left stay until their rate has recovered.
/// </remarks>
internal sealed class AddressLimiter(int maxConnections, double maxNewPerSecond)
{
    private const int SweepEvery = 1024;
    private const long ForgetAfter = 10_000_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly List<UInt128> _stale = [];
    private int _untilSweep = SweepEvery;

    // The longest that any loop of the server has stood still.
    private long _stalled;

    /// <summary>Places taken, of all addresses.</summary>
    public int Connections
    {
        get
        {
            lock (_lock)
            {
                int connections = 0;
                foreach (Entry entry in _entries.Values)
                {
                    connections += entry.Connections;
                }

                return connections;
            }
        }
    }

    /// <summary>Asks for a place.</summary>
    /// <param name="remote">Who comes.</param>
    /// <param name="now">The time of the caller's loop.</param>
    /// <param name="stalled">For how long that loop has stood still so far: those who came meanwhile come all at once.</param>
    public bool TryEnter(in NetEndpoint remote, long now, long stalled = 0)
    {
        if (!IsLimited(remote))
        {
            return true;
        }

        lock (_lock)
        {
            _stalled = Math.Max(_stalled, stalled);
            return TryEnter(Key(remote), now);
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(in NetEndpoint remote)
    {
        if (!IsLimited(remote))
        {
            return;
        }

        lock (_lock)
        {
            if (_entries.TryGetValue(Key(remote), out Entry? entry))
            {
                entry.Connections--;
            }
        }
    }

    /// <summary>Addresses that are remembered: those with a connection, and those that left a while ago.</summary>
    public int Addresses
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    private static bool IsLimited(in NetEndpoint remote) => remote.Transport == TransportKind.Tcp && !remote.IsLoopback;

    private static UInt128 Key(in NetEndpoint remote) => remote.IsIPv4 ? remote.Address : remote.Address >> 64;

    private bool TryEnter(UInt128 key, long now)
    {
        if (--_untilSweep == 0)
        {
            _untilSweep = SweepEvery;
            Sweep(now);
        }

        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            entry = new Entry { Rate = new TokenBucket(2 * maxNewPerSecond, now, _stalled) };
            _entries.Add(key, entry);
        }

        entry.LastSeen = now;
        if (entry.Connections >= maxConnections || !entry.Rate.TryTake(1, maxNewPerSecond, 2 * maxNewPerSecond, now, _stalled))
        {
            return false;
        }

        entry.Connections++;
        return true;
    }

    private void Sweep(long now)
    {
        foreach ((UInt128 key, Entry entry) in _entries)
        {
            if (entry.Connections == 0 && now - entry.LastSeen > ForgetAfter)
            {
                _stale.Add(key);
            }
        }

        foreach (UInt128 key in _stale)
        {
            _entries.Remove(key);
        }

        _stale.Clear();
    }

    private sealed class Entry
    {
        public TokenBucket Rate;
        public int Connections;
        public long LastSeen;
    }
}

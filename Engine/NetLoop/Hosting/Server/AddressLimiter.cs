using NetLoop.Sessions.Limits;

namespace NetLoop.Hosting.Server;

/// <summary>Counts the connections of each remote address, and limits their rate.</summary>
/// <remarks>
/// Thread: any loop of the server; a lock is taken, but only for connections from other machines. An IPv6 address counts by its /64, the smallest network
/// that one person gets. Loopback and Unix peers are not limited, because they are on this machine. There is one entry for each address with a connection;
/// the entry of an address without connections stays until its rate has recovered.
/// </remarks>
internal sealed class AddressLimiter(int maxConnections, double maxNewPerSecond)
{
    private const int SweepEvery = 1024;
    private const long ForgetAfter = 10_000_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly List<UInt128> _stale = [];
    private int _untilSweep = SweepEvery;

    // The longest stall of any loop of the server.
    private long _stalled;

    /// <summary>Number of connections from all addresses.</summary>
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

    /// <summary>Admits a connection if its address is within the limits.</summary>
    /// <param name="remote">The endpoint of the peer.</param>
    /// <param name="now">The time of the calling loop.</param>
    /// <param name="stalled">How long that loop has been stalled so far: connections that arrived meanwhile are accepted all at once.</param>
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

    /// <summary>Removes a connection.</summary>
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

    /// <summary>Number of remembered addresses: those with connections, and those whose connections closed a while ago.</summary>
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

    private static bool IsLimited(in NetEndpoint remote) => remote.IsInternet && !remote.IsLoopback;

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

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>The packets that are neither acknowledged nor lost, in a ring by number.</summary>
internal sealed class SentPackets
{
    private const int FirstPackets = 16;

    private Sent[] _packets = new Sent[FirstPackets];
    private long _next;

    /// <summary>The oldest packet that may still be under way.</summary>
    public long First { get; private set; }

    /// <summary>The number of the next packet.</summary>
    public long Next => _next;

    /// <summary>Adds the next packet.</summary>
    public void Add(int bytes, long now, in RunList runs, bool isProbe = false)
    {
        if (_next - First == _packets.Length)
        {
            Grow();
        }

        At(_next++) = new Sent { Bytes = bytes, SentAt = now, Runs = runs, IsProbe = isProbe };
    }

    /// <summary>Skips a number, for a packet that needs no acknowledgement.</summary>
    public void AddUnacknowledged() => Add(0, 0, default);

    public ref Sent At(long number) => ref _packets[number & (_packets.Length - 1)];

    /// <summary>Forgets the oldest packets that are done.</summary>
    public void Trim()
    {
        while (First < _next && At(First).Bytes == 0)
        {
            First++;
        }
    }

    private void Grow()
    {
        var larger = new Sent[_packets.Length * 2];
        for (long number = First; number < _next; number++)
        {
            larger[number & (larger.Length - 1)] = At(number);
        }

        _packets = larger;
    }

    /// <summary>A packet.</summary>
    internal struct Sent
    {
        /// <summary>Its length; 0 once it is acknowledged or lost.</summary>
        public int Bytes;
        public long SentAt;
        public RunList Runs;

        /// <summary>Whether it only tries a length, and carries nothing.</summary>
        public bool IsProbe;
    }
}

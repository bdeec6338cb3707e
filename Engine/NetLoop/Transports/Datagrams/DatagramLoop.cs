namespace NetLoop.Transports.Datagrams;

/// <summary>The memory that all datagram sockets of a loop share: for one receive, for one batch to send, and for one body.</summary>
/// <remarks>Thread: loop. Allocated when the first datagram socket is opened.</remarks>
internal sealed class DatagramLoop
{
    /// <summary>Datagrams that are received or sent in one call.</summary>
    public const int MaxBatch = 64;

    /// <summary>Room for one datagram to send.</summary>
    public const int SlotBytes = 1536;

    private const int ReceiveSlotBytes = 2048;

    private readonly byte[] _received;
    private readonly byte[] _outgoing = GC.AllocateUninitializedArray<byte>(MaxBatch * SlotBytes, pinned: true);
    private readonly OutgoingDatagram[] _batch = new OutgoingDatagram[MaxBatch];

    public DatagramLoop(ConnectionSet set, TimeProvider time, IEntropySource entropy)
    {
        Set = set;
        Time = time;
        Entropy = entropy;
        _received = GC.AllocateUninitializedArray<byte>(Math.Max(set.Stack.MinDatagramBufferBytes, MaxBatch * ReceiveSlotBytes), pinned: true);
    }

    public ConnectionSet Set { get; }

    public TimeProvider Time { get; }

    public IEntropySource Entropy { get; }

    /// <summary>The buffer for the body that is being encoded.</summary>
    public BodyScratch Body { get; } = new();

    /// <summary>Memory for received datagrams.</summary>
    public Span<byte> Received => _received;

    /// <summary>Items for received datagrams.</summary>
    public IncomingDatagram[] Incoming { get; } = new IncomingDatagram[MaxBatch];

    /// <summary>The socket whose datagrams are in the batch; null for none.</summary>
    public UdpSocket? Sender { get; private set; }

    /// <summary>The datagrams of the batch.</summary>
    public ReadOnlySpan<OutgoingDatagram> Batch => _batch.AsSpan(0, BatchCount);

    public int BatchCount { get; private set; }

    /// <summary>The time for tokens, in Unix seconds.</summary>
    public long UnixSeconds => Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Memory for the next datagram of a socket; what is in the batch is sent first if that is full, or another socket's.</summary>
    public Span<byte> BeginDatagram(UdpSocket sender)
    {
        if (Sender != sender || BatchCount == MaxBatch)
        {
            Sender?.SendBatch();
            Sender = sender;
        }

        return _outgoing.AsSpan(BatchCount * SlotBytes, SlotBytes);
    }

    /// <summary>Adds the datagram that was begun last.</summary>
    public void CommitDatagram(int start, int length, in DatagramAddress to) =>
        _batch[BatchCount] = new OutgoingDatagram(new SendSegment(_outgoing.AsSpan((BatchCount++ * SlotBytes) + start, length)), to);

    /// <summary>Empties the batch.</summary>
    public void ClearBatch()
    {
        BatchCount = 0;
        Sender = null;
    }
}

using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>One direction of a connection: the writer's send buffer, the link, and the reader's receive buffer.</summary>
/// <remarks>
/// Offsets count bytes since the beginning: read &lt;= arrived &lt;= sent &lt;= written. Bytes whose arrival the writer knows are free in its buffer. The
/// bytes themselves stay in one ring until they are read.
/// </remarks>
internal sealed partial class Pipe : ISimulatedEvent
{
    /// <summary>A cut link was repaired.</summary>
    public const int EventHealed = 3;

    private const int EventArrival = 0;
    private const int EventAcknowledged = 1;
    private const int EventWindow = 2;

    private readonly SimulatedNetwork _network;
    private readonly Link _way;
    private readonly Link _back;
    private readonly bool _isLocal;
    private ByteRing _bytes;
    private Segments _underWay;
    private Segments _acknowledgements;
    private long _written;
    private long _sent;
    private long _arrived;
    private long _read;
    private long _known;
    private long _lastArrival;
    private bool _isEndSent;
    private bool _isEndKnown;
    private bool _isArrivalScheduled;
    private bool _isAcknowledgementScheduled;
    private bool _isWindowScheduled;
    private bool _isDead;

    /// <param name="network">The network, whose time is used.</param>
    /// <param name="writer">The writing end.</param>
    /// <param name="reader">The reading end.</param>
    /// <param name="way">The link from writer to reader.</param>
    /// <param name="back">The link from reader to writer.</param>
    /// <param name="isLocal">Whether it belongs to a Unix socket: then only one buffer, the writer's, holds all unread bytes.</param>
    public Pipe(SimulatedNetwork network, SimulatedSocket writer, SimulatedSocket reader, Link way, Link back, bool isLocal)
    {
        _network = network;
        Writer = writer;
        Reader = reader;
        _way = way;
        _back = back;
        _isLocal = isLocal;
    }

    public SimulatedSocket Writer { get; }

    public SimulatedSocket Reader { get; }

    /// <summary>Whether the writer has ended the stream.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether the reader has received the end of the stream.</summary>
    public bool IsEndArrived { get; private set; }

    /// <summary>Bytes that the reader can read now.</summary>
    public int Available => (int)(_arrived - _read);

    /// <summary>Total number of bytes read.</summary>
    public long BytesRead => _read;

    /// <summary>Bytes in the ring.</summary>
    public int Held => _bytes.Count;

    /// <summary>Bytes on the writer's side that it does not know to have arrived.</summary>
    public long Unacknowledged
    {
        get
        {
            LearnArrivals();
            return _written - _known;
        }
    }

    /// <summary>Total number of bytes that have arrived.</summary>
    public long Arrived => _arrived;

    /// <summary>The arrival of the last segment sent.</summary>
    public long LastArrival => _lastArrival;

    private int SendCapacity => Writer.SendBufferBytes;

    private int ReceiveCapacity => _isLocal ? int.MaxValue : Reader.ReceiveBufferBytes;

    /// <summary>Bytes that the writer may write now.</summary>
    public int Room
    {
        get
        {
            LearnArrivals();
            long used = _isLocal ? _written - _read : _written - _known;
            return (int)Math.Max(0, SendCapacity - used);
        }
    }

    /// <summary>
    /// Whether there is enough room for a poller to report the socket as writable: a third of the buffer, or three quarters for a Unix socket.
    /// </summary>
    /// <remarks>Source: sk_stream_is_writeable and unix_writable of Linux.</remarks>
    public bool IsWritable => _isLocal ? Room * 4L >= SendCapacity * 3L : Room * 3L >= SendCapacity;

    /// <summary>Whether all written bytes have been sent.</summary>
    public bool IsAllSent => _sent == _written;

    /// <summary>Whether the writer knows that the end of its stream has arrived.</summary>
    public bool IsEndKnown
    {
        get
        {
            LearnArrivals();
            return _isEndKnown;
        }
    }

    /// <summary>Nothing arrives before this time, because the reader does not know the connection yet.</summary>
    public void StartAt(long time) => _lastArrival = Math.Max(_lastArrival, time);

    /// <summary>Adds bytes to the writer's buffer.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Invariant.Holds(!IsEnded);
        _bytes.Write(bytes);
        _written += bytes.Length;
    }

    /// <summary>Sends as many bytes as the window allows, and the end of the stream if there is one.</summary>
    public void Transmit()
    {
        if (_isDead)
        {
            return;
        }

        if (_way.IsCut && (_sent < _written || (IsEnded && !_isEndSent)))
        {
            _way.WaitForHeal(this);
            Writer.GiveUpUnlessAcknowledged();
            return;
        }

        long now = Writer.Host.Now;
        while (_sent < _written)
        {
            long window = ReceiveCapacity - (_sent - _read);
            if (window <= 0)
            {
                return;
            }

            int count = (int)Math.Min(_written - _sent, window);
            if (count > 1 && _network.Faults.Hits(FaultClass.LinkRechunked))
            {
                count = 1 + _network.Faults.StreamOf(FaultClass.LinkRechunked).Next(count);
            }

            _sent += count;
            Dispatch(now, count, isLast: false);
        }

        if (IsEnded && !_isEndSent)
        {
            _isEndSent = true;
            Dispatch(now, 0, isLast: true);
        }
    }

    /// <summary>Ends the stream; bytes written before are still sent.</summary>
    public void End()
    {
        if (!IsEnded)
        {
            IsEnded = true;
            Transmit();
        }
    }

    /// <summary>Removes bytes from the reader's buffer.</summary>
    public int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, Available);
        _bytes.Read(buffer[..count]);
        _read += count;
        OpenWindow();
        return count;
    }

    /// <summary>Ends the pipe because the connection is gone: segments in flight never arrive.</summary>
    public void Kill()
    {
        _isDead = true;
        _underWay.Clear();
        _acknowledgements.Clear();
    }

    /// <summary>Requests a notification for the writer when there is room again.</summary>
    public void AskForRoom()
    {
        if (!_isAcknowledgementScheduled && _acknowledgements.Count > 0)
        {
            _isAcknowledgementScheduled = true;
            _network.Events.Schedule(_acknowledgements.Oldest.At, this, EventAcknowledged);
        }
    }

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        switch (kind)
        {
            case EventArrival:
                _isArrivalScheduled = false;
                ArriveDue();
                break;

            case EventAcknowledged:
                _isAcknowledgementScheduled = false;
                LearnArrivals();
                Writer.Touch();
                if (Writer.WantsRoom)
                {
                    AskForRoom();
                }

                break;

            case EventHealed:
                Transmit();
                if (!_isLocal && _arrived > _known)
                {
                    Acknowledge(isLast: false);
                }

                break;

            default:
                _isWindowScheduled = false;
                Transmit();
                break;
        }
    }
}

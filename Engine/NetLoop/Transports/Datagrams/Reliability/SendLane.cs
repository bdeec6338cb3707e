using NetLoop.Buffers;

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>The bodies of one delivery on one channel that are not sent, or not acknowledged.</summary>
/// <remarks>
/// Thread: loop. Bodies are cut into segments, which are numbered. Segments lie in a ring by number, from the oldest that is not acknowledged; their bytes lie
/// in a ring of bytes. A segment that an unreliable lane has sent is gone.
/// </remarks>
internal sealed class SendLane(BufferPool pool, int index)
{
    /// <summary>Segments that may be under way: far less than half of the numbers on the wire.</summary>
    public const int MaxUnderWay = 16_384;

    private const int FirstSegments = 16;

    private ByteRing _bytes = new(pool);
    private Segment[] _segments = new Segment[FirstSegments];

    // Numbers: the oldest segment, the next to send for the first time, and the next to be queued.
    private long _first;
    private long _unsent;
    private long _end;
    private long _lostFrom = long.MaxValue;
    private int _lost;

    public int Channel => index >> 2;

    public Delivery Delivery => (Delivery)(index & 3);

    public bool IsReliable => Delivery is Delivery.ReliableOrdered or Delivery.ReliableUnordered;

    /// <summary>Bytes of bodies that are not acknowledged, or not sent.</summary>
    public int Bytes => _bytes.Count;

    /// <summary>Number of bodies whose last segment is not acknowledged, or not sent.</summary>
    public int Bodies { get; private set; }

    public bool IsEmpty => _first == _end;

    /// <summary>Whether there is a segment that may be sent now.</summary>
    public bool HasSendable => _lost > 0 || (_unsent < _end && _unsent - _first < MaxUnderWay);

    /// <summary>Queues a body.</summary>
    /// <param name="body">At least one byte.</param>
    /// <param name="maxSegmentBytes">Longest content of a segment.</param>
    /// <returns>False when the pool is exhausted.</returns>
    public bool TryQueue(ReadOnlySpan<byte> body, int maxSegmentBytes)
    {
        long position = _bytes.End;
        if (!_bytes.TryAppend(body))
        {
            return false;
        }

        int count = Math.Max(1, (body.Length + maxSegmentBytes - 1) / maxSegmentBytes);
        while (_end - _first + count > _segments.Length)
        {
            Grow();
        }

        for (int i = 0; i < count; i++)
        {
            int length = Math.Min(maxSegmentBytes, body.Length - (i * maxSegmentBytes));
            At(_end++) = new Segment(position + ((long)i * maxSegmentBytes), length, IsFirst: i == 0, IsLast: i == count - 1);
        }

        Bodies++;
        return true;
    }

    /// <summary>Writes segments into a packet: lost ones first, then new ones.</summary>
    /// <param name="payload">Room in the packet.</param>
    /// <param name="packet">Number of the packet.</param>
    /// <param name="runs">Records which segments it has.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> payload, long packet, ref RunList runs)
    {
        int written = 0;
        while (_lost > 0)
        {
            while (At(_lostFrom).State != SegmentState.Lost)
            {
                _lostFrom++;
            }

            if (!TryWrite(_lostFrom, payload, packet, ref written, ref runs))
            {
                return written;
            }

            _lost--;
            _lostFrom = _lost == 0 ? long.MaxValue : _lostFrom + 1;
        }

        while (_unsent < _end && _unsent - _first < MaxUnderWay)
        {
            if (!TryWrite(_unsent, payload, packet, ref written, ref runs))
            {
                return written;
            }

            _unsent++;
            if (!IsReliable)
            {
                ForgetFirst();
            }
        }

        return written;
    }

    /// <summary>Records that a packet with these segments arrived.</summary>
    public void Acknowledge(long first, int count)
    {
        for (long number = Math.Max(first, _first); number < first + count; number++)
        {
            ref Segment segment = ref At(number);
            if (segment.State == SegmentState.Lost)
            {
                LeaveLost(number);
            }

            segment.State = SegmentState.Acknowledged;
        }

        while (_first < _unsent && At(_first).State == SegmentState.Acknowledged)
        {
            ForgetFirst();
        }
    }

    /// <summary>Records that a packet with these segments was lost. Those that were sent again since are not.</summary>
    /// <returns>Number of segments to send again.</returns>
    public int Lose(long first, int count, long packet)
    {
        int lost = 0;
        for (long number = Math.Max(first, _first); number < first + count; number++)
        {
            ref Segment segment = ref At(number);
            if (segment.State == SegmentState.Sent && segment.Packet == packet)
            {
                segment.State = SegmentState.Lost;
                _lost++;
                _lostFrom = Math.Min(_lostFrom, number);
                lost++;
            }
        }

        return lost;
    }

    /// <summary>Discards everything.</summary>
    public void Clear()
    {
        _first = _end;
        _unsent = _end;
        _lost = 0;
        _lostFrom = long.MaxValue;
        Bodies = 0;
        _bytes.Release();
    }

    private bool TryWrite(long number, Span<byte> payload, long packet, ref int written, ref RunList runs)
    {
        ref Segment segment = ref At(number);
        Span<byte> room = payload[written..];
        if (SegmentHeader.BytesFor(segment.Length) + segment.Length > room.Length || !runs.TryAdd(index, number))
        {
            return false;
        }

        var header = new SegmentHeader(Channel, Delivery, segment.IsFirst, segment.IsLast, (ushort)number, segment.Length);
        int at = header.Write(room);
        _bytes.CopyTo(segment.Position, room.Slice(at, segment.Length));
        segment.State = SegmentState.Sent;
        segment.Packet = packet;
        written += at + segment.Length;
        return true;
    }

    private void LeaveLost(long number)
    {
        _lost--;
        if (_lost == 0)
        {
            _lostFrom = long.MaxValue;
        }
        else if (_lostFrom == number)
        {
            _lostFrom++;
        }
    }

    private void ForgetFirst()
    {
        Segment segment = At(_first++);
        if (segment.IsLast)
        {
            Bodies--;
        }

        _bytes.DiscardTo(segment.Position + segment.Length);
    }

    private void Grow()
    {
        var larger = new Segment[_segments.Length * 2];
        for (long number = _first; number < _end; number++)
        {
            larger[number & (larger.Length - 1)] = At(number);
        }

        _segments = larger;
    }

    private ref Segment At(long number) => ref _segments[number & (_segments.Length - 1)];

    private enum SegmentState : byte
    {
        Queued,
        Sent,
        Lost,
        Acknowledged,
    }

    private record struct Segment(long Position, int Length, bool IsFirst, bool IsLast)
    {
        public SegmentState State;

        /// <summary>The packet in which it was sent last.</summary>
        public long Packet;
    }
}

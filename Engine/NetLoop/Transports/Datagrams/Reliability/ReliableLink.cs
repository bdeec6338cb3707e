using System.Buffers.Binary;
using NetLoop.Buffers;
using NetLoop.Diagnostics;

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>
/// Bodies over packets that may be lost, repeated and reordered: four deliveries on 16 channels, with acknowledgements, congestion control and pacing.
/// Bytes and times go in, bytes and deadlines come out.
/// </summary>
/// <remarks>
/// Thread: loop. Times are nanoseconds of one monotonic clock. A packet is <c>[flags][number, u16]</c>, then, if flag 1 is set, <c>[newest received, u16]
/// [delay in ms, u8][room in KiB, u16][64 x (1 + bits 1 and 2 of the flags) bits]</c>, then segments up to its end, or any bytes if flag 8 is set, which makes
/// it a probe of its length. All numbers are little-endian. Loss detection follows RFC 8985, timeouts follow RFC 9002.
/// </remarks>
internal sealed class ReliableLink(BufferPool pool, LinkOptions options)
{
    /// <summary>Packets with segments after which an acknowledgement is due at once.</summary>
    private const int PacketsPerAck = 8;

    /// <summary>Timeouts in a row after which the window collapses.</summary>
    private const int TimeoutsToCollapse = 3;

    private const int HasAck = 1;
    private const int WordShift = 1;
    private const int WordMask = 0x6;
    private const int IsProbe = 0x8;
    private const int KnownFlags = HasAck | WordMask | IsProbe;
    private const int NumberBytes = 3;
    private const int AckBytes = 2 + 1 + 2;
    private const int Lanes = 64;

    /// <summary>Bytes of a packet that are not for segments, with the shortest acknowledgement.</summary>
    private const int HeaderBytes = NumberBytes + AckBytes + 8;

    /// <summary>
    /// Pieces of a body in a packet that is longer than every path carries. If the path turns out to carry less, four of them fill one of the packets that it
    /// does carry.
    /// </summary>
    private const int PiecesInALongPacket = 5;
    private const long Millisecond = 1_000_000;

    private readonly SentPackets _sent = new();
    private readonly List<SendLane> _sending = [];
    private readonly List<ReceiveLane> _receiving = [];
    private readonly byte[] _sendIndex = new byte[Lanes];
    private readonly byte[] _receiveIndex = new byte[Lanes];
    private ReceivedPackets _received = new();
    private RoundTrip _roundTrip = new();
    private Congestion _congestion = new(options.MaxPayloadBytes);
    private PathMtu _path = new(options);
    private LinkCounters _statistics;
    private int _held;
    private int _nextLane;

    // Packets of which something found no room: they are not acknowledged, but their unreliable bodies were delivered. Created when there is one.
    private ReceivedPackets[]? _incomplete;

    // Packets with segments that arrived since an acknowledgement was sent, and when the next one is due.
    private int _unacknowledged;
    private int _sinceAck;
    private long _ackDue = long.MaxValue;
    private long _newestAt;

    // The newest packet of this side that the other has acknowledged.
    private long _newestAcknowledged = -1;
    private long _peerRoom = long.MaxValue;
    private long _lastSent;
    private long _lossDue = long.MaxValue;
    private int _timeouts;
    private int _probes;
    private bool _wasLimited;

    /// <summary>The smoothed round-trip time; 0 before the first measurement.</summary>
    public long SmoothedRoundTrip => _roundTrip.IsMeasured ? _roundTrip.Smoothed : 0;

    /// <summary>The mean deviation of the round-trip time; 0 before the first measurement.</summary>
    public long RoundTripVariation => _roundTrip.IsMeasured ? _roundTrip.Variation : 0;

    public ref readonly LinkCounters Statistics => ref _statistics;

    /// <summary>Longest packet that it sends now; the room to give to <see cref="WritePacket"/> is that of the longest ever.</summary>
    public int PacketBytes => _path.PacketBytes;

    /// <summary>Bytes that may be under way.</summary>
    public long Window => _congestion.Window;

    /// <summary>Bytes under way.</summary>
    public long InFlight => _congestion.InFlight;

    /// <summary>Bytes of bodies that are not acknowledged, or not sent.</summary>
    public int QueuedBytes
    {
        get
        {
            int bytes = 0;
            foreach (SendLane lane in _sending)
            {
                bytes += lane.Bytes;
            }

            return bytes;
        }
    }

    /// <summary>Number of bodies that are not acknowledged, or not sent.</summary>
    public int QueuedBodies
    {
        get
        {
            int bodies = 0;
            foreach (SendLane lane in _sending)
            {
                bodies += lane.Bodies;
            }

            return bodies;
        }
    }

    /// <summary>Whether a body has arrived for which the sink had no room.</summary>
    public bool IsBlocked
    {
        get
        {
            foreach (ReceiveLane lane in _receiving)
            {
                if (lane.IsBlocked)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Bytes of input that wait for earlier input, or for the application.</summary>
    public int HeldBytes => _held;

    /// <summary>Number of bodies taken so far that have been acknowledged or, without acknowledgements, sent. Grows while the peer makes progress.</summary>
    public long AcknowledgedPackets { get; private set; }

    /// <summary>Whether everything that must arrive has been acknowledged, and everything else was sent.</summary>
    public bool IsIdle
    {
        get
        {
            foreach (SendLane lane in _sending)
            {
                if (!lane.IsEmpty)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether it has more to send than the network takes now.</summary>
    public bool IsBehind => HasSendable && !(_congestion.HasRoom && _congestion.InFlight < _peerRoom);

    private long TimeoutDue => _lastSent + _roundTrip.Timeout(options.MaxAckDelay, _timeouts);

    private bool HasSendable
    {
        get
        {
            foreach (SendLane lane in _sending)
            {
                if (lane.HasSendable)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Queues a body.</summary>
    /// <param name="delivery">How it travels.</param>
    /// <param name="channel">0 to 15.</param>
    /// <param name="body">1 byte to <see cref="LinkOptions.MaxBodyBytes"/>; copied.</param>
    /// <returns>False when the pool is exhausted.</returns>
    public bool TryQueue(Delivery delivery, int channel, ReadOnlySpan<byte> body)
    {
        Invariant.Holds(body.Length >= 1);
        SendLane lane = SendLaneOf((channel << 2) | (int)delivery);
        int room = _path.PacketBytes - HeaderBytes;
        return lane.TryQueue(body, (_path.IsRaised ? room / PiecesInALongPacket : room) - SegmentHeader.MaxBytes);
    }

    /// <summary>Whether everything that must arrive on other channels than one has been acknowledged.</summary>
    public bool IsIdleExcept(int channel)
    {
        foreach (SendLane lane in _sending)
        {
            if (lane.Channel != channel && !lane.IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes the next packet, if one may be sent now.</summary>
    /// <param name="payload">At least <see cref="LinkOptions.MaxPayloadBytes"/> and <see cref="LinkOptions.LongestPayloadBytes"/>.</param>
    /// <param name="now">Now.</param>
    /// <returns>Length of the packet; 0 for none.</returns>
    public int WritePacket(Span<byte> payload, long now)
    {
        OnTimers(now);
        if (now >= _path.NextDue && TryWriteProbe(payload, now, out int probeBytes))
        {
            return probeBytes;
        }

        if (_probes > 0 && !HasSendable)
        {
            RepeatOldest();
        }

        bool isAckDue = now >= _ackDue;
        bool mayCarry = HasSendable;
        if (mayCarry && _probes == 0)
        {
            bool hasRoom = _congestion.HasRoom && _congestion.InFlight < _peerRoom;
            _wasLimited = !_congestion.HasRoom;
            mayCarry = hasRoom && _congestion.NextSend(now, _roundTrip.Smoothed) <= now;
        }
        else if (!mayCarry)
        {
            _wasLimited = false;
        }

        if (!mayCarry && !isAckDue)
        {
            return 0;
        }

        payload = payload[.._path.PacketBytes];
        long number = _sent.Next;
        int at = WriteHeader(payload, number, now);
        int headerBytes = at;
        RunList runs = default;
        if (mayCarry)
        {
            at += WriteSegments(payload[at..], number, ref runs);
        }

        _unacknowledged = 0;
        _ackDue = long.MaxValue;
        _statistics.PacketsSent++;
        if (at == headerBytes)
        {
            _sent.AddUnacknowledged();
            _sent.Trim();
            return at;
        }

        if (at > options.MaxPayloadBytes / 2 && _roundTrip.IsMeasured)
        {
            _path.Begin(now);
        }

        _probes = Math.Max(0, _probes - 1);
        _sent.Add(at, now, runs);
        _congestion.Sent(at);
        _lastSent = now;
        return at;
    }

    /// <summary>When to call <see cref="WritePacket"/> next, if nothing arrives and nothing is queued; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDue(long now)
    {
        long due = Math.Min(Math.Min(_ackDue, _lossDue), _path.NextDue);
        if (_congestion.InFlight > 0)
        {
            due = Math.Min(due, TimeoutDue);
        }

        if (HasSendable && _congestion.HasRoom)
        {
            due = Math.Min(due, _congestion.InFlight < _peerRoom ? _congestion.NextSend(now, _roundTrip.Smoothed) : TimeoutDue);
        }

        return due;
    }

    /// <summary>Handles a packet.</summary>
    /// <param name="payload">An authentic packet of the other side.</param>
    /// <param name="now">Now.</param>
    /// <param name="sink">Takes whole bodies.</param>
    public PacketResult OnPacket(ReadOnlySpan<byte> payload, long now, ILinkSink sink)
    {
        if (!TryReadHeader(payload, out Header header, out ReadOnlySpan<byte> segments))
        {
            return PacketResult.Malformed;
        }

        long number = Numbers.Expand(Math.Max(0, _received.Newest), header.Number);
        if (number < 0)
        {
            return PacketResult.Ok;
        }

        _statistics.PacketsReceived++;
        if (header.HasAck && !OnAck(header, now))
        {
            return PacketResult.Malformed;
        }

        if (header.IsProbe)
        {
            NoteReceived(number, now);
            _ackDue = now;
            return PacketResult.Ok;
        }

        if (segments.IsEmpty)
        {
            if (_received.TryAdd(number))
            {
                _sinceAck++;
            }

            return PacketResult.Ok;
        }

        if (_received.IsKnown(number))
        {
            _ackDue = Math.Min(_ackDue, now); // A copy: the acknowledgement of the original may have been lost.
            return PacketResult.Ok;
        }

        bool isKept = true;
        bool isTooOld = _received.IsTooOld(number) || (_incomplete is [var incomplete] && (incomplete.IsKnown(number) || incomplete.IsTooOld(number)));
        while (!segments.IsEmpty)
        {
            int at = SegmentHeader.TryRead(segments, out SegmentHeader segment);
            ReceiveLane lane = ReceiveLaneOf(segment.Lane);
            if (!isTooOld || lane.IsReliable)
            {
                isKept &= lane.TryTake(segment, segments.Slice(at, segment.Length), ref _held, sink);
                if (lane.IsViolated)
                {
                    return PacketResult.TooLarge;
                }
            }

            segments = segments[(at + segment.Length)..];
        }

        if (isKept)
        {
            NoteReceived(number, now);
        }
        else
        {
            _incomplete ??= [new ReceivedPackets()];
            _incomplete[0].TryAdd(number);
        }

        return PacketResult.Ok;
    }

    /// <summary>Offers the bodies that the sink had no room for again.</summary>
    public void Resume(ILinkSink sink)
    {
        for (int i = 0; i < _receiving.Count; i++)
        {
            if (_receiving[i].IsBlocked)
            {
                _receiving[i].Resume(ref _held, sink);
                _ackDue = 0; // Tells the peer that there is room again.
            }
        }
    }

    /// <summary>Frees everything.</summary>
    public void Clear()
    {
        foreach (SendLane lane in _sending)
        {
            lane.Clear();
        }

        foreach (ReceiveLane lane in _receiving)
        {
            lane.Clear(ref _held);
        }
    }

    /// <summary>Writes a packet that is longer than those before, to learn whether it arrives.</summary>
    private bool TryWriteProbe(Span<byte> payload, long now, out int length)
    {
        length = _path.BeginProbe(_sent.Next, now);
        if (length == 0)
        {
            return false;
        }

        payload = payload[..length];
        payload[WriteHeader(payload, _sent.Next, now)..].Clear();
        payload[0] |= IsProbe;
        _unacknowledged = 0;
        _ackDue = long.MaxValue;
        _statistics.PacketsSent++;
        _sent.Add(length, now, default, isProbe: true);
        return true;
    }

    private int WriteHeader(Span<byte> payload, long number, long now)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(payload[1..], (ushort)number);
        if (_received.Newest < 0)
        {
            payload[0] = 0;
            return NumberBytes;
        }

        int words = Math.Clamp((_sinceAck / 48) + 1, 1, ReceivedPackets.MaxWords);
        _sinceAck = 0;
        payload[0] = (byte)(HasAck | ((words - 1) << WordShift));
        BinaryPrimitives.WriteUInt16LittleEndian(payload[3..], (ushort)_received.Newest);
        payload[5] = (byte)Math.Clamp((now - _newestAt) / Millisecond, 0, byte.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[6..], (ushort)Math.Clamp((options.MaxHeldBytes - _held) / 1024, 0, ushort.MaxValue));
        _received.Write(payload[(NumberBytes + AckBytes)..], words);
        return NumberBytes + AckBytes + (words * 8);
    }

    /// <summary>Reads the header and checks that everything after it is well-formed, so that a malformed packet changes nothing.</summary>
    private static bool TryReadHeader(ReadOnlySpan<byte> payload, out Header header, out ReadOnlySpan<byte> segments)
    {
        header = default;
        segments = default;
        if (payload.Length < NumberBytes || (payload[0] & ~KnownFlags) != 0 || ((payload[0] & HasAck) == 0 && (payload[0] & WordMask) != 0))
        {
            return false;
        }

        header.Number = BinaryPrimitives.ReadUInt16LittleEndian(payload[1..]);
        int at = NumberBytes;
        if ((payload[0] & HasAck) != 0)
        {
            header.HasAck = true;
            header.Words = ((payload[0] & WordMask) >> WordShift) + 1;
            int length = AckBytes + (header.Words * 8);
            if (payload.Length < NumberBytes + length)
            {
                return false;
            }

            header.Newest = BinaryPrimitives.ReadUInt16LittleEndian(payload[3..]);
            header.Delay = payload[5] * Millisecond;
            header.Room = BinaryPrimitives.ReadUInt16LittleEndian(payload[6..]) * 1024L;
            header.Bits = payload.Slice(NumberBytes + AckBytes, header.Words * 8);
            at += length;
        }

        header.IsProbe = (payload[0] & IsProbe) != 0;
        if (header.IsProbe)
        {
            return true;
        }

        segments = payload[at..];
        for (ReadOnlySpan<byte> rest = segments; !rest.IsEmpty;)
        {
            int headerBytes = SegmentHeader.TryRead(rest, out SegmentHeader segment);
            if (headerBytes == 0)
            {
                return false;
            }

            rest = rest[(headerBytes + segment.Length)..];
        }

        return true;
    }

    private int WriteSegments(Span<byte> room, long number, ref RunList runs)
    {
        // Each packet begins with another lane, so that one with much to send does not hold up the others.
        int written = 0;
        int count = _sending.Count;
        for (int i = 0; i < count; i++)
        {
            SendLane lane = _sending[(_nextLane + i) % count];
            if (lane.HasSendable)
            {
                int before = written;
                written += lane.Write(room[written..], number, ref runs);
                if (written == before)
                {
                    break;
                }
            }
        }

        _nextLane = (_nextLane + 1) % count;
        return written;
    }

    private void NoteReceived(long number, long now)
    {
        bool isNewest = number > _received.Newest;
        bool isInOrder = number == _received.Newest + 1;
        if (!_received.TryAdd(number))
        {
            // A repeated packet: its acknowledgement may have been lost.
            _ackDue = Math.Min(_ackDue, now);
            return;
        }

        if (isNewest)
        {
            _newestAt = now;
        }

        _sinceAck++;
        _unacknowledged++;
        _ackDue = _unacknowledged >= PacketsPerAck || (!isInOrder && number > 0) ? now : Math.Min(_ackDue, now + AckDelay);
    }

    /// <summary>Time for which an acknowledgement waits: a quarter of the round trip, so that it does not make the peer slower.</summary>
    private long AckDelay => _roundTrip.IsMeasured ? Math.Clamp(_roundTrip.Smoothed / 4, Millisecond, options.MaxAckDelay) : 5 * Millisecond;

    private bool OnAck(in Header header, long now)
    {
        long newest = Numbers.Expand(Math.Max(0, _newestAcknowledged), header.Newest);
        if (newest >= _sent.Next || newest < 0)
        {
            return newest < 0; // Acknowledging a packet that was never sent is a violation.
        }

        _peerRoom = header.Room;
        if (newest < _newestAcknowledged - (ReceivedPackets.MaxWords * 64))
        {
            return true;
        }

        bool isNew = newest > _newestAcknowledged;
        _newestAcknowledged = Math.Max(_newestAcknowledged, newest);
        if (newest >= _sent.First)
        {
            ref SentPackets.Sent sent = ref _sent.At(newest);
            if (sent.Bytes > 0)
            {
                if (isNew)
                {
                    _roundTrip.Add(now - sent.SentAt, header.Delay);
                }

                Acknowledge(newest, now);
            }
        }

        for (int word = 0; word < header.Words; word++)
        {
            ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(header.Bits[(word * 8)..]);
            long from = newest - 1 - (word * 64);
            if (from < _sent.First)
            {
                break;
            }

            while (bits != 0)
            {
                int bit = System.Numerics.BitOperations.TrailingZeroCount(bits);
                bits &= bits - 1;
                long number = from - bit;
                if (number < _sent.First)
                {
                    break;
                }

                if (_sent.At(number).Bytes > 0)
                {
                    Acknowledge(number, now);
                }
            }
        }

        DetectLoss(now);
        _sent.Trim();
        return true;
    }

    private void Acknowledge(long number, long now)
    {
        ref SentPackets.Sent sent = ref _sent.At(number);
        if (sent.IsProbe)
        {
            _path.OnProbeArrived(sent.Bytes, now);
            _congestion.PacketBytes = _path.PacketBytes;
            sent.Bytes = 0;
            return;
        }

        _path.OnArrived(sent.Bytes, now);
        bool wasInUse = _wasLimited || _congestion.InFlight * 2 > _congestion.Window;
        _congestion.Acknowledged(sent.Bytes, sent.SentAt, wasInUse, now, _roundTrip.Smoothed);
        for (int i = 0; i < sent.Runs.Count; i++)
        {
            RunList.Run run = sent.Runs[i];
            SendLaneOf(run.Lane).Acknowledge(run.First, run.Length);
        }

        sent.Bytes = 0;
        _timeouts = 0;
        AcknowledgedPackets++;
    }

    /// <summary>Finds the packets that were sent before acknowledged ones and are overdue.</summary>
    private void DetectLoss(long now)
    {
        _lossDue = long.MaxValue;
        long delay = _roundTrip.LossDelay;
        for (long number = _sent.First; number < _newestAcknowledged; number++)
        {
            ref SentPackets.Sent sent = ref _sent.At(number);
            if (sent.Bytes == 0)
            {
                continue;
            }

            if (sent.SentAt + delay <= now)
            {
                Lose(number, now);
            }
            else
            {
                _lossDue = Math.Min(_lossDue, sent.SentAt + delay);
            }
        }
    }

    private void Lose(long number, long now)
    {
        ref SentPackets.Sent sent = ref _sent.At(number);
        if (sent.IsProbe)
        {
            _path.OnProbeLost(now);
            sent.Bytes = 0;
            return;
        }

        _path.OnLost(sent.Bytes, now);
        _congestion.PacketBytes = _path.PacketBytes;
        _statistics.PacketsLost++;
        _congestion.Lost(sent.Bytes, sent.SentAt, now);
        SendAgain(sent, number);
        sent.Bytes = 0;
    }

    private void SendAgain(in SentPackets.Sent sent, long number)
    {
        for (int i = 0; i < sent.Runs.Count; i++)
        {
            RunList.Run run = sent.Runs[i];
            SendLane lane = SendLaneOf(run.Lane);
            if (lane.IsReliable)
            {
                _statistics.SegmentsSentAgain += lane.Lose(run.First, run.Length, number);
            }
        }
    }

    private void OnTimers(long now)
    {
        if (now >= _lossDue)
        {
            DetectLoss(now);
            _sent.Trim();
        }

        if (_path.Probe >= 0 && now >= _path.NextDue)
        {
            Lose(_path.Probe, now);
            _sent.Trim();
        }

        bool isWaiting = _congestion.InFlight > 0 || (HasSendable && _congestion.InFlight >= _peerRoom);
        if (!isWaiting || now < TimeoutDue)
        {
            return;
        }

        // Nothing was acknowledged for a while. Two packets go out beyond the window, with the oldest segments if there is nothing new.
        _statistics.Timeouts++;
        _timeouts++;
        _lastSent = now;
        _probes = 2;
        if (_timeouts == TimeoutsToCollapse)
        {
            _congestion.Collapsed();
        }

        int probed = 0;
        for (long number = _sent.First; number < _sent.Next && probed < 2; number++)
        {
            ref SentPackets.Sent sent = ref _sent.At(number);
            if (sent is { Bytes: > 0, IsProbe: false })
            {
                Lose(number, now);
                probed++;
            }
        }

        _sent.Trim();
    }

    /// <summary>Lets the oldest segments go out again, for a probe that has nothing else: two copies arrive more surely than one.</summary>
    private void RepeatOldest()
    {
        for (long number = _sent.First; number < _sent.Next && !HasSendable; number++)
        {
            ref SentPackets.Sent sent = ref _sent.At(number);
            if (sent is { Bytes: > 0, IsProbe: false })
            {
                SendAgain(sent, number);
            }
        }

        _probes = HasSendable ? _probes : 0;
    }

    private SendLane SendLaneOf(int index)
    {
        int place = _sendIndex[index];
        if (place == 0)
        {
            _sending.Add(new SendLane(pool, index));
            place = _sending.Count;
            _sendIndex[index] = (byte)place;
        }

        return _sending[place - 1];
    }

    private ReceiveLane ReceiveLaneOf(int index)
    {
        int place = _receiveIndex[index];
        if (place == 0)
        {
            _receiving.Add(new ReceiveLane(pool, options, index));
            place = _receiving.Count;
            _receiveIndex[index] = (byte)place;
        }

        return _receiving[place - 1];
    }

    private ref struct Header
    {
        public ushort Number;
        public bool HasAck;
        public bool IsProbe;
        public ushort Newest;
        public long Delay;
        public long Room;
        public int Words;
        public ReadOnlySpan<byte> Bits;
    }
}

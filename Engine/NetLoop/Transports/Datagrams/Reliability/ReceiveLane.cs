using NetLoop.Buffers;

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>The segments of one delivery on one channel that have arrived and are not delivered.</summary>
/// <remarks>
/// Thread: loop. Segments that arrive in order and are a whole body go to the sink at once, without a copy. Others are copied and wait, within the limits of
/// the link.
/// </remarks>
internal sealed class ReceiveLane(BufferPool pool, LinkOptions options, int index)
{
    /// <summary>Segments beyond the next expected one that are kept.</summary>
    private const int Window = SendLane.MaxUnderWay;

    /// <summary>Segments of unreliable bodies that are kept until the others of their body arrive.</summary>
    private const int UnreliableWindow = 256;

    private const int FirstSlots = 16;

    /// <summary>Lanes whose bodies may be unfinished at the same time: two deliveries on 16 channels.</summary>
    private const int ReliableLanes = 32;

    /// <summary>Size of a slot, which counts as held.</summary>
    private const int SlotBytes = 48;

    private readonly Delivery _delivery = (Delivery)(index & 3);
    private Slot[] _slots = [];

    // The number up to which everything has been delivered; for unreliable lanes, the newest number that has arrived plus one.
    private long _expected;
    private long _end;
    private long _lastDelivered = -1;
    private Lease _assembly;
    private int _assembled;

    // Number of slots with segments that are not delivered.
    private int _waiting;

    private long MaxUnfinishedBytes => options.MaxHeldBytes + (ReliableLanes * (long)options.MaxBodyBytes);

    /// <summary>The share of the link's limit that pieces of unreliable bodies may fill.</summary>
    private int MaxUnreliableBytes => options.MaxHeldBytes / 2;

    public bool IsReliable => _delivery is Delivery.ReliableOrdered or Delivery.ReliableUnordered;

    private int Channel => index >> 2;

    /// <summary>Whether a body waits because the sink had no room.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Whether the peer has sent a body above the limit.</summary>
    public bool IsViolated { get; private set; }

    /// <summary>Takes a segment.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="content">Its content, which is in the packet.</param>
    /// <param name="held">Bytes that the link holds.</param>
    /// <param name="sink">Takes whole bodies.</param>
    /// <returns>False if there is no room for it: the packet must not be acknowledged, so that it is sent again.</returns>
    public bool TryTake(in SegmentHeader header, ReadOnlySpan<byte> content, ref int held, ILinkSink sink)
    {
        if (content.Length > options.MaxBodyBytes)
        {
            IsViolated = true;
            return false;
        }

        if (!IsReliable)
        {
            TakeUnreliable(header, content, ref held, sink);
            return true;
        }

        long number = Numbers.Expand(_expected, header.Number);
        if (number < _expected || (number < _end && Find(number).IsPresent))
        {
            return true; // It has arrived before.
        }

        if (number - _expected >= Window)
        {
            return false;
        }

        bool isWhole = header is { IsFirst: true, IsLast: true };
        if (isWhole && !IsBlocked && (_delivery == Delivery.ReliableUnordered || (number == _expected && _assembly.IsEmpty)))
        {
            if (number > _expected && !TryEnsureSlots(number, ref held))
            {
                return false;
            }

            if (sink.OnBody(content, Channel, _delivery))
            {
                MarkDelivered(number);
                Drain(ref held, sink);
                ReleaseSlots(ref held);
                return true;
            }

            IsBlocked = true;
        }

        if (!TryKeep(number, header, content, ref held))
        {
            return false;
        }

        Drain(ref held, sink);
        ReleaseSlots(ref held);
        return true;
    }

    /// <summary>Offers what waits to the sink again.</summary>
    public void Resume(ref int held, ILinkSink sink)
    {
        IsBlocked = false;
        Drain(ref held, sink);
        ReleaseSlots(ref held);
    }

    /// <summary>Frees everything.</summary>
    public void Clear(ref int held)
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            Free(ref _slots[i], ref held);
        }

        held -= _slots.Length * SlotBytes;
        _slots = [];
        FreeAssembly(ref held);
    }

    private void Drain(ref int held, ILinkSink sink)
    {
        if (_delivery == Delivery.ReliableUnordered)
        {
            DrainUnordered(ref held, sink);
            return;
        }

        while (!IsBlocked && _expected < _end && Find(_expected) is { IsPresent: true } slot)
        {
            if (slot.IsDelivered)
            {
                _expected++;
                continue;
            }

            if (slot is { IsFirst: true, IsLast: true })
            {
                if (!sink.OnBody(slot.Memory.Span[..slot.Length], Channel, _delivery))
                {
                    IsBlocked = true;
                    return;
                }
            }
            else if (!TryAssemble(slot, ref held, sink))
            {
                return;
            }

            Free(ref At(_expected), ref held);
            _waiting--;
            _expected++;
        }
    }

    /// <summary>Adds a piece to the body that is put together.</summary>
    /// <returns>False if it must wait.</returns>
    private bool TryAssemble(in Slot slot, ref int held, ILinkSink sink)
    {
        if (slot.IsFirst)
        {
            FreeAssembly(ref held); // A first piece without the last one of the body before it: the peer broke the protocol.
        }

        int needed = _assembled + slot.Length;
        if (needed > options.MaxBodyBytes)
        {
            IsViolated = true;
            return false;
        }

        if (_assembly.Length < needed)
        {
            if (!pool.TryRent(needed, nameof(ReceiveLane), out Lease larger))
            {
                return false;
            }

            _assembly.Span[.._assembled].CopyTo(larger.Span);
            held += larger.Length - _assembly.Length;
            if (!_assembly.IsEmpty)
            {
                _assembly.Return();
            }

            _assembly = larger;
        }

        slot.Memory.Span[..slot.Length].CopyTo(_assembly.Span[_assembled..]);
        if (!slot.IsLast)
        {
            _assembled = needed;
            return true;
        }

        if (!sink.OnBody(_assembly.Span[..needed], Channel, _delivery))
        {
            IsBlocked = true; // The last piece stays where it is, and is added again.
            return false;
        }

        FreeAssembly(ref held);
        return true;
    }

    private void DrainUnordered(ref int held, ILinkSink sink)
    {
        for (long number = _expected; number < _end && _waiting > 0 && !IsBlocked; number++)
        {
            ref Slot slot = ref At(number);
            if (slot is { IsPresent: true, IsDelivered: false, IsFirst: true } && LastOf(number) is { } last)
            {
                if (!TryDeliver(number, last, ref held, sink))
                {
                    IsBlocked = true;
                    break;
                }

                number = last;
            }
        }

        while (_expected < _end && At(_expected) is { IsPresent: true, IsDelivered: true })
        {
            At(_expected++) = default;
        }
    }

    /// <summary>The last piece of the body that begins at a number; null if a piece is missing.</summary>
    private long? LastOf(long number)
    {
        for (; number < _end; number++)
        {
            ref Slot slot = ref At(number);
            if (!slot.IsPresent || slot.IsDelivered)
            {
                return null;
            }

            if (slot.IsLast)
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>Delivers the body in consecutive slots.</summary>
    private bool TryDeliver(long first, long last, ref int held, ILinkSink sink)
    {
        bool isTaken;
        if (first == last)
        {
            ref Slot only = ref At(first);
            isTaken = sink.OnBody(only.Memory.Span[..only.Length], Channel, _delivery);
        }
        else
        {
            int length = 0;
            for (long number = first; number <= last; number++)
            {
                length += At(number).Length;
            }

            if (length > options.MaxBodyBytes)
            {
                IsViolated = true;
                return false;
            }

            if (!pool.TryRent(length, nameof(ReceiveLane), out Lease whole))
            {
                return false;
            }

            int at = 0;
            for (long number = first; number <= last; number++)
            {
                ref Slot piece = ref At(number);
                piece.Memory.Span[..piece.Length].CopyTo(whole.Span[at..]);
                at += piece.Length;
            }

            isTaken = sink.OnBody(whole.Span[..length], Channel, _delivery);
            whole.Return();
        }

        if (isTaken)
        {
            for (long number = first; number <= last; number++)
            {
                ref Slot slot = ref At(number);
                Free(ref slot, ref held);
                slot.IsPresent = true;
                slot.IsDelivered = true;
                _waiting--;
            }
        }

        return isTaken;
    }

    private void MarkDelivered(long number)
    {
        if (number == _expected)
        {
            _expected++;
            _end = Math.Max(_end, _expected);
            return;
        }

        ref Slot slot = ref At(number);
        slot = default;
        slot.IsPresent = true;
        slot.IsDelivered = true;
    }

    private bool TryKeep(long number, in SegmentHeader header, ReadOnlySpan<byte> content, ref int held)
    {
        // The segment that others wait for finds room beyond the limit, as much as an unfinished body on each lane takes: without it nothing would ever be
        // freed. Not while the application takes nothing, because it frees room when it does.
        if ((held + content.Length > options.MaxHeldBytes && (IsBlocked || held > MaxUnfinishedBytes || !IsFirstMissing(number)))
            || !TryEnsureSlots(number, ref held)
            || !pool.TryRent(Math.Max(1, content.Length), nameof(ReceiveLane), out Lease memory))
        {
            return false;
        }

        content.CopyTo(memory.Span);
        held += memory.Length;
        _waiting++;
        At(number) = new Slot { Memory = memory, Length = content.Length, IsFirst = header.IsFirst, IsLast = header.IsLast, IsPresent = true };
        return true;
    }

    private bool TryEnsureSlots(long number, ref int held)
    {
        int needed = (int)(number + 1 - _expected);
        if (needed > _slots.Length)
        {
            int size = Math.Max(FirstSlots, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed));
            int added = (size - _slots.Length) * SlotBytes;
            if (size > FirstSlots && held + added > options.MaxHeldBytes)
            {
                return false;
            }

            var larger = new Slot[size];
            for (long at = _expected; at < _end; at++)
            {
                larger[at & (size - 1)] = At(at);
            }

            held += added;
            _slots = larger;
        }

        _end = Math.Max(_end, number + 1);
        return true;
    }

    /// <summary>Returns the memory of many slots once nothing waits.</summary>
    private void ReleaseSlots(ref int held)
    {
        if (_expected == _end && _slots.Length > FirstSlots)
        {
            held -= _slots.Length * SlotBytes;
            _slots = [];
        }
    }

    private void TakeUnreliable(in SegmentHeader header, ReadOnlySpan<byte> content, ref int held, ILinkSink sink)
    {
        long number = Math.Max(0, Numbers.Expand(_end, header.Number));
        bool isSequenced = _delivery == Delivery.Sequenced;
        if (isSequenced && number <= _lastDelivered)
        {
            return;
        }

        if (header is { IsFirst: true, IsLast: true })
        {
            _end = Math.Max(_end, number + 1);
            if (sink.OnBody(content, Channel, _delivery))
            {
                _lastDelivered = Math.Max(_lastDelivered, number);
            }

            return;
        }

        if (_slots.Length == 0)
        {
            if (held + (UnreliableWindow * SlotBytes) > MaxUnreliableBytes)
            {
                return;
            }

            _slots = new Slot[UnreliableWindow];
            held += _slots.Length * SlotBytes;
        }

        if (held + content.Length > MaxUnreliableBytes)
        {
            GiveUpPieces(ref held);
        }

        if (number < _end - UnreliableWindow
            || held + content.Length > MaxUnreliableBytes
            || !pool.TryRent(Math.Max(1, content.Length), nameof(ReceiveLane), out Lease memory))
        {
            return;
        }

        // The place of a number belongs to the newest segment; pieces of older bodies are given up.
        for (long at = Math.Max(_end, number + 1 - UnreliableWindow); at <= number; at++)
        {
            Free(ref _slots[at & (UnreliableWindow - 1)], ref held);
        }

        content.CopyTo(memory.Span);
        held += memory.Length;
        _end = Math.Max(_end, number + 1);
        ref Slot slot = ref _slots[number & (UnreliableWindow - 1)];
        Free(ref slot, ref held);
        slot = new Slot { Memory = memory, Length = content.Length, IsFirst = header.IsFirst, IsLast = header.IsLast, IsPresent = true, Number = number };
        DeliverUnreliable(number, ref held, sink);
    }

    private bool IsFirstMissing(long number)
    {
        long missing = _expected;
        while (missing < number && Find(missing).IsPresent)
        {
            missing++;
        }

        return missing == number;
    }

    /// <summary>Gives up the bodies whose pieces wait: they would keep room from reliable segments, and nobody sends their missing pieces again.</summary>
    private void GiveUpPieces(ref int held)
    {
        foreach (ref Slot slot in _slots.AsSpan())
        {
            Free(ref slot, ref held);
        }
    }

    private void DeliverUnreliable(long number, ref int held, ILinkSink sink)
    {
        long first = number;
        while (!UnreliableAt(first).IsFirst)
        {
            first--;
            if (first < 0 || number - first >= UnreliableWindow || !IsHere(first) || UnreliableAt(first).IsLast)
            {
                return;
            }
        }

        long last = number;
        while (!UnreliableAt(last).IsLast)
        {
            last++;
            if (last - first >= UnreliableWindow || !IsHere(last) || UnreliableAt(last).IsFirst)
            {
                return;
            }
        }

        int length = 0;
        for (long at = first; at <= last; at++)
        {
            length += UnreliableAt(at).Length;
        }

        if (length <= options.MaxBodyBytes && pool.TryRent(Math.Max(1, length), nameof(ReceiveLane), out Lease whole))
        {
            int to = 0;
            for (long at = first; at <= last; at++)
            {
                ref Slot piece = ref UnreliableAt(at);
                piece.Memory.Span[..piece.Length].CopyTo(whole.Span[to..]);
                to += piece.Length;
            }

            if (sink.OnBody(whole.Span[..length], Channel, _delivery))
            {
                _lastDelivered = Math.Max(_lastDelivered, last);
            }

            whole.Return();
        }

        for (long at = first; at <= last; at++)
        {
            Free(ref UnreliableAt(at), ref held);
        }
    }

    private bool IsHere(long number) => UnreliableAt(number) is { IsPresent: true } slot && slot.Number == number;

    private ref Slot UnreliableAt(long number) => ref _slots[number & (UnreliableWindow - 1)];

    private static void Free(ref Slot slot, ref int held)
    {
        if (!slot.Memory.IsEmpty)
        {
            held -= slot.Memory.Length;
            slot.Memory.Return();
        }

        slot = default;
    }

    private void FreeAssembly(ref int held)
    {
        if (!_assembly.IsEmpty)
        {
            held -= _assembly.Length;
            _assembly.Return();
            _assembly = default;
        }

        _assembled = 0;
    }

    private Slot Find(long number) => number < _end && _slots.Length > 0 ? At(number) : default;

    private ref Slot At(long number) => ref _slots[number & (_slots.Length - 1)];

    private struct Slot
    {
        public Lease Memory;
        public int Length;
        public bool IsFirst;
        public bool IsLast;
        public bool IsPresent;

        /// <summary>Whether the sink has taken it; then it has no memory.</summary>
        public bool IsDelivered;

        /// <summary>For unreliable lanes, whose slots may be of different bodies.</summary>
        public long Number;
    }
}

using NetLoop.Diagnostics;

namespace NetLoop.Stack.Linux;

/// <summary>Waits with epoll, level-triggered. The cost of a wait grows with the number of ready sockets, not with the number of registered ones.</summary>
/// <remarks>
/// The kernel keeps ready sockets in a list and moves the reported ones to its end, so events that do not fit into one wait come first in the next. A socket
/// with Interest None still reports a hang-up at every wait until it is removed (epoll_ctl(2)). No wait allocates.
/// </remarks>
internal sealed unsafe class EpollPoller : IPoller
{
    private const int MaxEventsPerWait = 1024;

    /// <summary>Slots of tokens are not negative, so no socket has this value or a greater one.</summary>
    private const ulong FirstOwnData = ulong.MaxValue - 1;
    private const ulong AlarmData = FirstOwnData;
    private const ulong WakerData = FirstOwnData + 1;

    private readonly int _epoll;
    private readonly EventWaker _waker = new();
    private readonly EpollAlarm _alarm = new();
    private readonly byte[] _events = GC.AllocateUninitializedArray<byte>(MaxEventsPerWait * EpollEvent.MaxSize, pinned: true);
    private bool _hasNanosecondWait;
    private bool _disposed;

    /// <param name="hasNanosecondWait">
    /// False uses the calls of kernels before 5.11 from the start; with true, the first wait finds out which calls exist.
    /// </param>
    public EpollPoller(bool hasNanosecondWait = true)
    {
        _hasNanosecondWait = hasNanosecondWait;
        _epoll = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        if (_epoll < 0)
        {
            SocketStatus reason = Errno.ToStatus(Libc.LastError);
            _waker.Dispose();
            _alarm.Dispose();
            throw new IOException($"Cannot create an epoll descriptor for the poller: {reason}.");
        }

        SocketStatus status = Control(Libc.EPOLL_CTL_ADD, _waker.Descriptor, Interest.Readable, WakerData);
        Invariant.Holds(status == SocketStatus.Ok);
        status = Control(Libc.EPOLL_CTL_ADD, _alarm.Descriptor, PollBits.From(Interest.Readable) | Libc.EPOLLET, AlarmData);
        Invariant.Holds(status == SocketStatus.Ok);
    }

    public SocketStatus Add(SocketHandle socket, Interest interest, Token token) =>
        Control(Libc.EPOLL_CTL_ADD, socket.Value, interest, token.Pack());

    public SocketStatus Modify(SocketHandle socket, Interest interest, Token token) =>
        Control(Libc.EPOLL_CTL_MOD, socket.Value, interest, token.Pack());

    public SocketStatus Remove(SocketHandle socket) => Control(Libc.EPOLL_CTL_DEL, socket.Value, Interest.None, 0);

    public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
    {
        Invariant.Holds(!_disposed);
        Invariant.Holds(!events.IsEmpty);
        fixed (byte* raw = _events)
        {
            int ready = WaitForKernel(raw, Math.Min(events.Length, MaxEventsPerWait), timeoutNanoseconds);
            if (ready < 0)
            {
                Invariant.Holds(Libc.LastError == Errno.EINTR);
                return 0;
            }

            int count = 0;
            byte* end = raw + (ready * EpollEvent.Size);
            for (byte* current = raw; current < end; current += EpollEvent.Size)
            {
                ulong data = EpollEvent.Data(current);
                if (data >= FirstOwnData)
                {
                    OnOwnEvent(data);
                    continue;
                }

                events[count++] = new ReadyEvent(Token.Unpack(data), PollBits.ToReadiness(EpollEvent.Bits(current)));
            }

            return count;
        }
    }

    public int WaitUntil(Span<ReadyEvent> events, long now, long deadline)
    {
        if (deadline <= now)
        {
            return Wait(events, 0);
        }

        return Wait(events, deadline == long.MaxValue || _alarm.IsSetFor(now, deadline) ? -1 : deadline - now);
    }

    public void Wake() => _waker.Wake();

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Libc.Close(_epoll);
            _waker.Dispose();
            _alarm.Dispose();
        }
    }

    /// <summary>
    /// Rounds up: rounding down would make the loop spin for the rest of the millisecond. Times above 24 days are cut, because a wait may return early
    /// without events.
    /// </summary>
    internal static int RoundUpToMilliseconds(long nanoseconds)
    {
        if (nanoseconds < 0)
        {
            return -1;
        }

        (long milliseconds, long rest) = Math.DivRem(nanoseconds, 1_000_000);
        return (int)Math.Min(rest == 0 ? milliseconds : milliseconds + 1, int.MaxValue);
    }

    private int WaitForKernel(byte* raw, int room, long timeoutNanoseconds)
    {
        if (_hasNanosecondWait)
        {
            TimeSpec timeout = new(timeoutNanoseconds);
            nint ready = Libc.EpollPWait2(Libc.SYS_epoll_pwait2, _epoll, raw, room, timeoutNanoseconds < 0 ? null : &timeout, null, 0);

            // System call filters of older container runtimes return EPERM for calls that they do not know.
            if (ready >= 0 || Libc.LastError is not (Errno.ENOSYS or Errno.EPERM))
            {
                return (int)ready;
            }

            _hasNanosecondWait = false;
        }

        return Libc.EpollWait(_epoll, raw, room, RoundUpToMilliseconds(timeoutNanoseconds));
    }

    private void OnOwnEvent(ulong data)
    {
        if (data == WakerData)
        {
            _waker.Drain();
        }
        else
        {
            _alarm.Rang();
        }
    }

    private SocketStatus Control(int operation, int descriptor, Interest interest, ulong data) =>
        Control(operation, descriptor, PollBits.From(interest), data);

    private SocketStatus Control(int operation, int descriptor, uint bits, ulong data)
    {
        byte* registration = stackalloc byte[EpollEvent.MaxSize];
        EpollEvent.Write(registration, bits, data);
        SocketStatus status = Libc.StatusOf(Libc.EpollControl(_epoll, operation, descriptor, registration));

        // ENOENT: not registered. EPERM: not a socket. Here both are mistakes of the caller.
        return status is SocketStatus.NotFound or SocketStatus.AccessDenied ? SocketStatus.InvalidCall : status;
    }
}

using NetLoop.Diagnostics;

namespace NetLoop.Stack.Linux;

/// <summary>
/// Waits with ppoll, which looks at every registered socket in every wait. It is the simplest correct poller, and so a check of the epoll one.
/// </summary>
/// <remarks>
/// Entry 0 is the waker. The last entry overwrites a removed one, so that the array has no gaps. No wait allocates.
/// </remarks>
internal sealed unsafe class PollPoller : IPoller
{
    private const int InitialCapacity = 64;
    private const int NotRegistered = 0;

    private readonly EventWaker _waker = new();
    private PollDescriptor[] _entries = new PollDescriptor[InitialCapacity];
    private Token[] _tokens = new Token[InitialCapacity];
    private int[] _entryOf = new int[InitialCapacity];
    private int _count = 1;
    private int _nextScan = 1;
    private bool _disposed;

    public PollPoller() => _entries[0] = Entry(_waker.Descriptor, Interest.Readable);

    public SocketStatus Add(SocketHandle socket, Interest interest, Token token)
    {
        int descriptor = socket.Value;
        if (Find(descriptor) != NotRegistered || Libc.FileControl(descriptor, Libc.F_GETFD) < 0)
        {
            return SocketStatus.InvalidCall;
        }

        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
            Array.Resize(ref _tokens, _count * 2);
        }

        if (descriptor >= _entryOf.Length)
        {
            Array.Resize(ref _entryOf, Math.Max(descriptor + 1, _entryOf.Length * 2));
        }

        _entryOf[descriptor] = _count;
        _entries[_count] = Entry(descriptor, interest);
        _tokens[_count] = token;
        _count++;
        return SocketStatus.Ok;
    }

    public SocketStatus Modify(SocketHandle socket, Interest interest, Token token)
    {
        int entry = Find(socket.Value);
        if (entry == NotRegistered)
        {
            return SocketStatus.InvalidCall;
        }

        _entries[entry].Events = (short)PollBits.From(interest);
        _tokens[entry] = token;
        return SocketStatus.Ok;
    }

    public SocketStatus Remove(SocketHandle socket)
    {
        int entry = Find(socket.Value);
        if (entry == NotRegistered)
        {
            return SocketStatus.InvalidCall;
        }

        int last = --_count;
        _entries[entry] = _entries[last];
        _tokens[entry] = _tokens[last];
        _entryOf[_entries[entry].Descriptor] = entry;
        _entryOf[socket.Value] = NotRegistered;
        return SocketStatus.Ok;
    }

    public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
    {
        Invariant.Holds(!_disposed);
        Invariant.Holds(!events.IsEmpty);
        TimeSpec timeout = new(timeoutNanoseconds);
        int ready;
        fixed (PollDescriptor* entries = _entries)
        {
            ready = Libc.PPoll(entries, (nuint)_count, timeoutNanoseconds < 0 ? null : &timeout, null);
        }

        if (ready < 0)
        {
            Invariant.Holds(Libc.LastError is Errno.EINTR or Errno.ENOMEM);
            return 0;
        }

        if (_entries[0].Returned != 0)
        {
            _waker.Drain();
            ready--;
        }

        return Collect(events, ready);
    }

    public void Wake() => _waker.Wake();

    public void Dispose()
    {
        _disposed = true;
        _waker.Dispose();
    }

    private static PollDescriptor Entry(int descriptor, Interest interest) =>
        new() { Descriptor = descriptor, Events = (short)PollBits.From(interest) };

    /// <summary>Starts where the last wait stopped, so that events that do not fit into one wait come first in the next.</summary>
    private int Collect(Span<ReadyEvent> events, int ready)
    {
        int wanted = Math.Min(ready, events.Length);
        int entry = _nextScan;
        int found = 0;
        for (int seen = 1; seen < _count && found < wanted; seen++, entry++)
        {
            entry = entry < _count ? entry : 1;
            uint bits = (ushort)_entries[entry].Returned;
            if (bits != 0)
            {
                events[found++] = new ReadyEvent(_tokens[entry], PollBits.ToReadiness(bits));
            }
        }

        _nextScan = entry;
        return found;
    }

    private int Find(int descriptor) => (uint)descriptor < (uint)_entryOf.Length ? _entryOf[descriptor] : NotRegistered;
}

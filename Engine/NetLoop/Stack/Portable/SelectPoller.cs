using System.Net.Sockets;
using NetLoop.Diagnostics;

namespace NetLoop.Stack.Portable;

/// <summary>
/// Waits with <see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList, int)"/>, which works everywhere and is
/// slow everywhere.
/// </summary>
/// <remarks>
/// Each wait lists every socket, and the runtime copies the lists, so it suits hundreds of sockets. The FD_SETSIZE of 64 in Winsock's headers does not apply,
/// because the runtime passes its own sets; its limit is 65,536 sockets a list. Timeouts are rounded up to milliseconds, because the runtime rounds
/// microseconds down on Unix. A socket with Interest None is left out and reports nothing, not even an error.
/// </remarks>
internal sealed class SelectPoller : IPoller
{
    /// <summary>The limit of the runtime minus one for the waker.</summary>
    public const int MaxSockets = 65_535;

    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>The longest time in whole milliseconds that fits into select's microseconds, 35 minutes. A longer wait returns early without events.</summary>
    private const long MaxMilliseconds = int.MaxValue / 1000;

    private readonly SocketTable _sockets;
    private readonly SelectWaker _waker = new();
    private readonly Dictionary<Socket, Registration> _bySocket = [];
    private readonly List<Registration> _registrations = [];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];
    private readonly List<Socket> _failed = [];
    private int _nextScan;
    private bool _disposed;

    public SelectPoller(SocketTable sockets) => _sockets = sockets;

    public SocketStatus Add(SocketHandle socket, Interest interest, Token token)
    {
        if (_registrations.Count == MaxSockets)
        {
            return SocketStatus.NoBuffers;
        }

        if (_sockets.Find(socket) is not { } added || _bySocket.ContainsKey(added))
        {
            return SocketStatus.InvalidCall;
        }

        Registration registration = new(added) { Index = _registrations.Count, Interest = interest, Token = token };
        _bySocket.Add(added, registration);
        _registrations.Add(registration);
        return SocketStatus.Ok;
    }

    public SocketStatus Modify(SocketHandle socket, Interest interest, Token token)
    {
        if (_sockets.Find(socket) is not { } modified || !_bySocket.TryGetValue(modified, out Registration? registration))
        {
            return SocketStatus.InvalidCall;
        }

        registration.Interest = interest;
        registration.Token = token;
        return SocketStatus.Ok;
    }

    public SocketStatus Remove(SocketHandle socket)
    {
        if (_sockets.Find(socket) is not { } removed || !_bySocket.Remove(removed, out Registration? registration))
        {
            return SocketStatus.InvalidCall;
        }

        Registration last = _registrations[^1];
        _registrations[registration.Index] = last;
        last.Index = registration.Index;
        _registrations.RemoveAt(_registrations.Count - 1);
        return SocketStatus.Ok;
    }

    public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
    {
        Invariant.Holds(!_disposed);
        Invariant.Holds(!events.IsEmpty);
        ListInterests();
        try
        {
            Socket.Select(_readable, _writable, _failed, ToMicroseconds(timeoutNanoseconds));
        }
        catch (SocketException error) when (SocketErrors.ToStatus(error.SocketErrorCode).Classify() == FailureClass.Transient)
        {
            return 0;
        }

        Mark(_readable, Readiness.Readable);
        Mark(_writable, Readiness.Writable);
        Mark(_failed, Readiness.Failed | Readiness.Readable);
        return Collect(events);
    }

    public void Wake() => _waker.Wake();

    public void Dispose()
    {
        _disposed = true;
        _waker.Dispose();
    }

    private static int ToMicroseconds(long nanoseconds)
    {
        if (nanoseconds < 0)
        {
            return -1;
        }

        (long milliseconds, long rest) = Math.DivRem(nanoseconds, NanosecondsPerMillisecond);
        return (int)Math.Min(rest == 0 ? milliseconds : milliseconds + 1, MaxMilliseconds) * 1000;
    }

    private void ListInterests()
    {
        _readable.Clear();
        _writable.Clear();
        _failed.Clear();
        _readable.Add(_waker.Socket);
        foreach (Registration registration in _registrations)
        {
            registration.Ready = Readiness.None;
            if ((registration.Interest & Interest.Readable) != 0)
            {
                _readable.Add(registration.Socket);
            }

            if ((registration.Interest & Interest.Writable) != 0)
            {
                _writable.Add(registration.Socket);
            }

            // Windows reports a failed connect only in this list.
            if (registration.Interest != Interest.None)
            {
                _failed.Add(registration.Socket);
            }
        }
    }

    private void Mark(List<Socket> ready, Readiness readiness)
    {
        foreach (Socket socket in ready)
        {
            if (_bySocket.TryGetValue(socket, out Registration? registration))
            {
                registration.Ready |= readiness;
            }
            else
            {
                _waker.Drain();
            }
        }
    }

    /// <summary>Starts where the last wait stopped, so that events that do not fit into one wait come first in the next.</summary>
    private int Collect(Span<ReadyEvent> events)
    {
        int found = 0;
        for (int seen = 0; seen < _registrations.Count && found < events.Length; seen++)
        {
            _nextScan = _nextScan < _registrations.Count ? _nextScan : 0;
            Registration registration = _registrations[_nextScan++];
            if (registration.Ready != Readiness.None)
            {
                events[found++] = new ReadyEvent(registration.Token, registration.Ready);
            }
        }

        return found;
    }

    private sealed class Registration(Socket socket)
    {
        public readonly Socket Socket = socket;
        public int Index;
        public Interest Interest;
        public Token Token;
        public Readiness Ready;
    }
}

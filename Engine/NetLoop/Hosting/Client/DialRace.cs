using NetLoop.Diagnostics;
using NetLoop.Hosting.Loop;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop.Hosting.Client;

/// <summary>
/// Connects to the first of several addresses that accepts. The next attempt starts when the previous one has failed, or after <see cref="AttemptDelay"/>
/// (RFC 8305).
/// </summary>
/// <remarks>Thread: loop.</remarks>
/// <param name="core">The loop.</param>
/// <param name="addresses">In the order in which to try them; at least one.</param>
/// <param name="timeout">Time limit for all attempts together, in nanoseconds.</param>
/// <param name="onConnected">Called at most once, with a socket that the receiver then owns.</param>
/// <param name="onFailed">Called at most once, when no address is left; <see cref="Failures"/> has the reasons.</param>
internal sealed class DialRace(
    LoopCore core, IReadOnlyList<NetEndpoint> addresses, long timeout, Action<SocketHandle, NetEndpoint> onConnected, Action onFailed)
    : ITimerTarget
{
    /// <summary>Nanoseconds after which the next attempt starts in parallel. Source: RFC 8305, section 8.</summary>
    internal const long AttemptDelay = 250_000_000;

    private readonly List<Attempt> _attempts = [];
    private readonly SocketStatus[] _failures = new SocketStatus[addresses.Count];
    private readonly long _deadline = core.Clock.PeerTime + timeout;
    private TimerHandle _timer;
    private int _next;
    private bool _isOver;

    /// <summary>The outcome of each address; Ok for an attempt that has not ended.</summary>
    public IReadOnlyList<SocketStatus> Failures => _failures;

    public IReadOnlyList<NetEndpoint> Addresses => addresses;

    /// <summary>The last failure of an address.</summary>
    public SocketStatus LastFailure => _failures.LastOrDefault(static status => status != SocketStatus.Ok, SocketStatus.TimedOut);

    /// <summary>Whether no address accepted.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Tries the next address, and the following ones if they fail at once.</summary>
    public void TryNext()
    {
        core.Transport.Timers.Cancel(_timer);
        _timer = default;
        while (!_isOver && _next < addresses.Count)
        {
            int index = _next++;
            SocketStatus status = Connect(index);
            if (status == SocketStatus.InProgress)
            {
                break;
            }

            _failures[index] = status;
        }

        if (_isOver)
        {
            return;
        }

        if (_attempts.Count == 0)
        {
            Fail();
            return;
        }

        long now = core.Clock.PeerTime;
        long due = _next < addresses.Count ? Math.Min(now + AttemptDelay, _deadline) : _deadline;
        _timer = core.Transport.Timers.Schedule(due, this);
    }

    /// <summary>Closes all attempts; neither callback is called after that.</summary>
    public void Cancel()
    {
        _isOver = true;
        core.Transport.Timers.Cancel(_timer);
        foreach (Attempt attempt in _attempts)
        {
            attempt.Close();
        }

        _attempts.Clear();
    }

    void ITimerTarget.OnTimer()
    {
        _timer = default;
        if (core.Clock.PeerTime < _deadline)
        {
            TryNext();
            return;
        }

        foreach (Attempt attempt in _attempts)
        {
            _failures[attempt.Index] = SocketStatus.TimedOut;
        }

        Fail();
    }

    /// <returns>InProgress if the outcome will be reported later; Ok if this attempt has won; otherwise the error.</returns>
    private SocketStatus Connect(int index)
    {
        INetworkStack stack = core.Transport.Stack;
        SocketStatus status = stack.Connect(addresses[index], out SocketHandle socket);
        if (status is not (SocketStatus.Ok or SocketStatus.InProgress))
        {
            return status;
        }

        if (DescriptorBudget.IsForRuntime(stack, socket))
        {
            stack.Close(socket, reset: true);
            return SocketStatus.TooManyFiles;
        }

        if (status == SocketStatus.Ok)
        {
            // A socket that is connected to itself does not win: the server may be at another address.
            if (stack.FinishConnect(socket) == SocketStatus.ConnectionRefused)
            {
                stack.Close(socket, reset: true);
                return SocketStatus.ConnectionRefused;
            }

            Win(socket, index);
            return status;
        }

        var attempt = new Attempt(this, core.Transport, index);
        SocketStatus watched = attempt.Watch(socket);
        if (watched != SocketStatus.Ok)
        {
            stack.Close(socket, reset: true);
            return watched;
        }

        _attempts.Add(attempt);
        return status;
    }

    private void OnReady(Attempt attempt)
    {
        SocketStatus status = core.Transport.Stack.FinishConnect(attempt.Socket);
        if (status == SocketStatus.InProgress)
        {
            return;
        }

        _attempts.Remove(attempt);
        if (status == SocketStatus.Ok)
        {
            Win(attempt.Release(), attempt.Index);
            return;
        }

        _failures[attempt.Index] = status;
        attempt.Close();
        TryNext();
    }

    private void Fail()
    {
        Cancel();
        HasFailed = true;
        onFailed();
    }

    private void Win(SocketHandle socket, int index)
    {
        Invariant.Holds(!_isOver);
        Cancel();
        onConnected(socket, addresses[index]);
    }

    /// <summary>An attempt that has not ended yet.</summary>
    private sealed class Attempt(DialRace race, ConnectionSet set, int index) : ISocketEntry
    {
        private PolledSocket _socket = new();

        public int Index => index;

        public SocketHandle Socket => _socket.Handle;

        public SocketStatus Watch(SocketHandle socket) => _socket.Register(set, this, socket, Interest.Writable);

        public SocketHandle Release() => _socket.Release(set);

        public void Close() => _socket.Unregister(set, reset: true);

        public void OnReady(Readiness readiness) => race.OnReady(this);
    }
}

using Microsoft.Coyote.Rewriting;
using Microsoft.Coyote.Runtime;

namespace NetLoop.Concurrency;

/// <summary>Waits for sockets in memory and for wakes. Time stands still in a scenario, so a deadline never ends a wait.</summary>
[SkipRewriting("A call of the kernel is one step.")]
internal sealed class MemoryPoller(MemoryNetwork? network = null) : IPoller
{
    private readonly Dictionary<SocketHandle, (Interest Interest, Token Token)> _registered = [];
    private bool _isWoken;
    private bool _isDisposed;

    /// <summary>Number of wakes, which are system calls in a real poller.</summary>
    public int Wakes { get; private set; }

    public SocketStatus Add(SocketHandle socket, Interest interest, Token token) =>
        _registered.TryAdd(socket, (interest, token)) ? SocketStatus.Ok : SocketStatus.InvalidCall;

    public SocketStatus Modify(SocketHandle socket, Interest interest, Token token)
    {
        if (!_registered.ContainsKey(socket))
        {
            return SocketStatus.InvalidCall;
        }

        _registered[socket] = (interest, token);
        return SocketStatus.Ok;
    }

    public SocketStatus Remove(SocketHandle socket) => _registered.Remove(socket) ? SocketStatus.Ok : SocketStatus.InvalidCall;

    public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
    {
        if (_isDisposed)
        {
            throw new InvalidOperationException("a wait in a poller that is gone");
        }

        if (timeoutNanoseconds == 0)
        {
            SchedulingPoint.Interleave();
        }
        else
        {
            Operation.PauseUntil(HasSomething);
        }

        _isWoken = false;
        int count = 0;
        foreach ((SocketHandle socket, (Interest interest, Token token)) in _registered)
        {
            Readiness ready = Look(socket, interest);
            if (ready != Readiness.None && count < events.Length)
            {
                events[count++] = new ReadyEvent(token, ready);
            }
        }

        return count;
    }

    public void Wake()
    {
        SchedulingPoint.Interleave();
        Wakes++;
        _isWoken = true;
    }

    public void Dispose() => _isDisposed = true;

    private bool HasSomething()
    {
        if (_isWoken)
        {
            return true;
        }

        foreach ((SocketHandle socket, (Interest interest, Token _)) in _registered)
        {
            if (Look(socket, interest) != Readiness.None)
            {
                return true;
            }
        }

        return false;
    }

    private Readiness Look(SocketHandle handle, Interest interest)
    {
        MemorySocket socket = network!.Find(handle);
        Readiness ready = socket.IsReset ? Readiness.Failed : Readiness.None;
        if (socket.IsReadable && (interest & Interest.Readable) != 0)
        {
            ready |= Readiness.Readable;
        }

        return socket.Backlog is null && (interest & Interest.Writable) != 0 ? ready | Readiness.Writable : ready;
    }
}

using NetLoop.Time;

namespace NetLoop.Messaging;

/// <summary>The outstanding requests of one session by id. An id consists of a slot and a count that changes whenever the slot is reused.</summary>
/// <remarks>Thread: loop. For a late response the slot is empty or has another id.</remarks>
/// <param name="maxPending">Limit of the outstanding requests.</param>
/// <param name="timers">The timers for their timeouts.</param>
/// <param name="inbox">Receives requests that have ended.</param>
/// <param name="readWaiting">Reads the peer's input; returns whether all of it could be read.</param>
internal sealed class RequestTracker(int maxPending, TimerQueue timers, Inbox inbox, Func<bool> readWaiting)
{
    /// <summary>The slot takes 12 bits of the id. The engine's own id for Ping is outside the range of the 20-bit count.</summary>
    public const int MaxSlots = 4096;

    private const int SlotBits = 12;

    /// <summary>Number of checks for a late response during a request's extra time.</summary>
    private const int PostponementsOfTimeout = 20;
    private const uint CountModulus = 0xF_FFFE;

    private readonly Stack<int> _freeSlots = new();
    private PendingRequest?[] _pending = [];
    private uint _count;

    /// <summary>Number of outstanding requests.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Gives a request its id and starts its timeout.</summary>
    /// <returns>False if the limit is reached.</returns>
    public bool TryAdd(PendingRequest request, long deadline)
    {
        if (Outstanding == maxPending)
        {
            return false;
        }

        if (_freeSlots.Count == 0)
        {
            AddSlots();
        }

        int slot = _freeSlots.Pop();
        _pending[slot] = request;
        Outstanding++;
        _count = (_count + 1) % CountModulus;
        request.Track(this, (_count << SlotBits) | (uint)slot);
        request.Deadline = deadline;
        request.Timeout = timers.Schedule(deadline, request);
        return true;
    }

    /// <summary>Finds the request of a response without ending its wait.</summary>
    public PendingRequest? Find(uint id)
    {
        uint slot = id & (MaxSlots - 1);
        return slot < _pending.Length && _pending[slot] is { } request && request.Id == id ? request : null;
    }

    /// <summary>Ends the wait of a request that has its outcome; the inbox completes its task.</summary>
    public void End(PendingRequest request)
    {
        if (Find(request.Id) != request)
        {
            return; // It was answered, timed out or cancelled before.
        }

        timers.Cancel(request.Timeout);
        int slot = (int)(request.Id & (MaxSlots - 1));
        _pending[slot] = null;
        _freeSlots.Push(slot);
        Outstanding--;
        inbox.Add(request);
    }

    /// <summary>Ends the wait of a request with an error instead of a response.</summary>
    public void End(PendingRequest request, int code, string text)
    {
        if (Find(request.Id) == request)
        {
            request.Fail(code, text);
            End(request);
        }
    }

    /// <summary>
    /// Ends the wait of a request whose timeout has passed. A response that has arrived but was not read yet still counts. While reading is paused because
    /// handlers are late, the wait continues, to at most twice the timeout: the response may follow messages that wait for those handlers.
    /// </summary>
    public void OnTimeout(PendingRequest request, string text)
    {
        if (!readWaiting() && Find(request.Id) == request && request.Postponed < request.TimeoutNanoseconds)
        {
            long delay = (request.TimeoutNanoseconds / PostponementsOfTimeout) + 1;
            request.Postponed += delay;
            request.Timeout = timers.Schedule(request.Deadline + request.Postponed, request);
            return;
        }

        End(request, ErrorCode.TimedOut, text);
    }

    /// <summary>Ends all waits because the session has ended.</summary>
    public void EndAll(int code, string text)
    {
        foreach (PendingRequest? request in _pending)
        {
            if (request is not null)
            {
                End(request, code, text);
            }
        }
    }

    private void AddSlots()
    {
        int first = _pending.Length;
        Array.Resize(ref _pending, Math.Min(Math.Max(4, first * 2), maxPending));
        for (int slot = _pending.Length - 1; slot >= first; slot--)
        {
            _freeSlots.Push(slot);
        }
    }
}

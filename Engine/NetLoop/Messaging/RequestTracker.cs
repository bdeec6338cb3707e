using NetLoop.Time;

namespace NetLoop.Messaging;

/// <summary>The outstanding requests of one session by their number: a slot, and a count that changes whenever the slot is reused.</summary>
/// <remarks>Thread: loop. A late response finds the slot empty or under another number.</remarks>
/// <param name="maxPending">Requests that may wait.</param>
/// <param name="timers">Their timeouts.</param>
/// <param name="inbox">Where ended ones go.</param>
/// <param name="readWaiting">Reads what the peer has sent; answers whether that was possible for all of it.</param>
internal sealed class RequestTracker(int maxPending, TimerQueue timers, Inbox inbox, Func<bool> readWaiting)
{
    /// <summary>Slots take 12 bits of the number; the engine's own number for Ping lies outside the 20 bits of the count.</summary>
    public const int MaxSlots = 4096;

    private const int SlotBits = 12;

    /// <summary>How often a response is looked for in the time that its request may wait longer.</summary>
    private const int PostponementsOfTimeout = 20;
    private const uint CountModulus = 0xF_FFFE;

    private readonly Stack<int> _freeSlots = new();
    private PendingRequest?[] _pending = [];
    private uint _count;

    /// <summary>Requests that wait.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Gives a request its number and starts its timeout.</summary>
    /// <returns>False when as many as allowed wait already.</returns>
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

    /// <summary>Finds the request that a response answers, without ending its wait.</summary>
    public PendingRequest? Find(uint id)
    {
        uint slot = id & (MaxSlots - 1);
        return slot < _pending.Length && _pending[slot] is { } request && request.Id == id ? request : null;
    }

    /// <summary>Ends the wait of a request that was answered and hands it to whoever awaits it.</summary>
    public void End(PendingRequest request)
    {
        if (Find(request.Id) != request)
        {
            return; // Answered, timed out or cancelled before.
        }

        timers.Cancel(request.Timeout);
        int slot = (int)(request.Id & (MaxSlots - 1));
        _pending[slot] = null;
        _freeSlots.Push(slot);
        Outstanding--;
        inbox.Add(request);
    }

    /// <summary>Ends the wait of a request without an answer.</summary>
    public void End(PendingRequest request, int code, string text)
    {
        if (Find(request.Id) == request)
        {
            request.Fail(code, text);
            End(request);
        }
    }

    /// <summary>
    /// Ends the wait of a request whose time is over. A response that has come and was not read yet still counts, and while handlers are too far behind for
    /// anything to be read the wait goes on, to twice its time at most: what they wait for may stand behind what waits for them.
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

    /// <summary>Ends all waits, because the session ended.</summary>
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

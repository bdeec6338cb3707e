using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Simulation;

/// <summary>One direction between two hosts: says when a segment arrives.</summary>
internal sealed class Link
{
    /// <summary>What never arrives: it was sent into a way that is cut, and nobody sends it again.</summary>
    public const long Never = long.MaxValue;

    private readonly SeededRandom _random;
    private readonly FaultPlan _faults;
    private readonly List<Pipe> _stopped = [];
    private LinkConditions _conditions;
    private long _latency;
    private long _jitter;
    private long _retransmission;
    private long _busyUntil;
    private long _downUntil;

    public Link(LinkConditions conditions, SeededRandom random, FaultPlan faults)
    {
        _random = random;
        _faults = faults;
        Change(conditions);
    }

    /// <summary>Whether nothing passes until it is healed.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Makes it another way; what is under way arrives as before.</summary>
    [MemberNotNull(nameof(_conditions))]
    public void Change(LinkConditions conditions)
    {
        _conditions = conditions;
        _latency = conditions.Latency.Ticks * 100;
        _jitter = conditions.Jitter.Ticks * 100;
        _retransmission = conditions.RetransmissionTimeout.Ticks * 100;
    }

    /// <summary>Nothing passes any more; what is under way still arrives.</summary>
    public void Cut() => IsCut = true;

    /// <summary>Opens a cut way: TCP's timer sends again what waited.</summary>
    public void Heal(EventQueue events)
    {
        IsCut = false;
        foreach (Pipe pipe in _stopped)
        {
            events.Schedule(events.Now + _retransmission, pipe, Pipe.EventHealed);
        }

        _stopped.Clear();
    }

    /// <summary>Has something to send as soon as the way is open.</summary>
    public void WaitForHeal(Pipe pipe)
    {
        if (!_stopped.Contains(pipe))
        {
            _stopped.Add(pipe);
        }
    }

    /// <summary>Nothing passes until then.</summary>
    public void TakeDown(long until) => _downUntil = Math.Max(_downUntil, until);

    /// <summary>Loses nothing from here on.</summary>
    public void LoseNothing() => _conditions = _conditions with { Loss = 0 };

    /// <summary>Whether what is sent now arrives now: then no event is needed.</summary>
    public bool IsInstant(long now) => !IsCut && _latency == 0 && _jitter == 0 && _conditions.Loss == 0 && _conditions.BytesPerSecond == 0 && now >= _downUntil;

    /// <summary>When something without bytes of its own arrives: a handshake, an acknowledgement, a reset; <see cref="Never"/> when the way is cut.</summary>
    public long ArrivalOfControl(long now) => IsCut ? Never : Math.Max(now, _downUntil) + _latency;

    /// <summary>When a segment sent now arrives; never before what was sent earlier on the same stream.</summary>
    public long ArrivalOf(int bytes, long now, long previousArrival)
    {
        long leaves = now;
        if (_conditions.BytesPerSecond > 0)
        {
            _busyUntil = Math.Max(_busyUntil, now) + (bytes * 1_000_000_000L / _conditions.BytesPerSecond);
            leaves = _busyUntil;
        }

        long arrival = leaves + _latency + (_jitter == 0 ? 0 : _random.Between(0L, _jitter));
        if (_conditions.Loss > 0 && _random.Chance(_conditions.Loss))
        {
            arrival += _retransmission;
        }

        if (_faults.Hits(FaultClass.LinkLoss))
        {
            arrival += _retransmission;
        }

        if (now < _downUntil)
        {
            // Sent into the void; TCP's timer tries again when the way is open.
            arrival = Math.Max(arrival, _downUntil + _retransmission);
        }

        return Math.Max(arrival, previousArrival);
    }
}

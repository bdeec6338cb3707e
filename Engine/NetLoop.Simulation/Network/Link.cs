using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Simulation;

/// <summary>One direction between two hosts: computes when a segment arrives.</summary>
internal sealed partial class Link
{
    /// <summary>The arrival of a segment that was sent over a cut link and is not sent again.</summary>
    public const long Never = long.MaxValue;

    private readonly SeededRandom _random;
    private readonly SeededRandom _datagramRandom;
    private readonly FaultPlan _faults;
    private readonly List<Pipe> _stopped = [];
    private LinkConditions _conditions;
    private long _latency;
    private long _jitter;
    private long _retransmission;
    private long _busyUntil;
    private long _downUntil;

    /// <param name="conditions">The conditions at first.</param>
    /// <param name="random">The randomness of segments.</param>
    /// <param name="datagramRandom">The randomness of datagrams, a stream of its own.</param>
    /// <param name="faults">The faults that may happen to it.</param>
    public Link(LinkConditions conditions, SeededRandom random, SeededRandom datagramRandom, FaultPlan faults)
    {
        _random = random;
        _datagramRandom = datagramRandom;
        _faults = faults;
        Change(conditions);
    }

    /// <summary>Whether the link is cut until <see cref="Heal"/>.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Changes the conditions; segments in flight arrive as before.</summary>
    [MemberNotNull(nameof(_conditions))]
    public void Change(LinkConditions conditions)
    {
        _conditions = conditions;
        _latency = conditions.Latency.Ticks * 100;
        _jitter = conditions.Jitter.Ticks * 100;
        _retransmission = conditions.RetransmissionTimeout.Ticks * 100;
    }

    /// <summary>Cuts the link; segments in flight still arrive.</summary>
    public void Cut() => IsCut = true;

    /// <summary>Repairs a cut link: TCP's timer sends the waiting segments again.</summary>
    public void Heal(EventQueue events)
    {
        IsCut = false;
        foreach (Pipe pipe in _stopped)
        {
            events.Schedule(events.Now + _retransmission, pipe, Pipe.EventHealed);
        }

        _stopped.Clear();
    }

    /// <summary>Registers a pipe that has something to send once the link is repaired.</summary>
    public void WaitForHeal(Pipe pipe)
    {
        if (!_stopped.Contains(pipe))
        {
            _stopped.Add(pipe);
        }
    }

    /// <summary>Takes the link down until the given time.</summary>
    public void TakeDown(long until) => _downUntil = Math.Max(_downUntil, until);

    /// <summary>Loses no segments or datagrams from now on, as long as there is room in its queue.</summary>
    public void LoseNothing() => _conditions = _conditions with { Loss = 0, DroppedPacketBytes = 0 };

    /// <summary>Whether a segment sent now arrives at once, so that no event is needed.</summary>
    public bool IsInstant(long now) => !IsCut && _latency == 0 && _jitter == 0 && _conditions.Loss == 0 && _conditions.BytesPerSecond == 0 && now >= _downUntil;

    /// <summary>The arrival of a segment without bytes: a handshake, an acknowledgement, a reset; <see cref="Never"/> if the link is cut.</summary>
    public long ArrivalOfControl(long now) => IsCut ? Never : Math.Max(now, _downUntil) + _latency;

    /// <summary>The arrival of a segment sent now; not before the arrival of the previous one on the same stream.</summary>
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
            // The segment is lost; TCP's timer sends it again when the link is up.
            arrival = Math.Max(arrival, _downUntil + _retransmission);
        }

        return Math.Max(arrival, previousArrival);
    }
}

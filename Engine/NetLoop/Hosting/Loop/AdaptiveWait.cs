using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop.Hosting.Loop;

/// <summary>Phase Wait: sleeps in the poller, or looks again and again where a sleep would end too late.</summary>
/// <remarks>
/// Thread: loop. Two things are worth a look without sleep: the moment before a tick (<see cref="TickPrecision"/>), and, if asked for, the moment after
/// something came, when more may follow (<see cref="EventLoopOptions.SpinTime"/>). Both learn from what happened how long that moment is.
/// </remarks>
internal sealed class AdaptiveWait
{
    /// <summary>At most this part of a tick's length is spent looking before it.</summary>
    private const int MaxShareOfTick = 32;

    /// <summary>
    /// Nanoseconds by which the lead before a tick grows when a waking took longer, and shrinks when it did not: it settles where one
    /// waking in 200 takes longer.
    /// </summary>
    private const long LeadGrowth = 100_000;
    private const long LeadDecay = LeadGrowth / 199;
    private const long FirstLead = 200_000;

    /// <summary>Nanoseconds by which the usual lateness follows what was measured: it settles in the middle, whatever the worst ones are.</summary>
    private const long UsualStep = 2_000;

    /// <summary>After so many looks in vain, one after the other, only each 64th sleep is put off.</summary>
    private const int MaxMisses = 6;

    private readonly ConnectionSet _transport;
    private readonly LoopClock _clock;
    private readonly TickPrecision _precision;
    private readonly long _spinTime;
    private readonly long _maxLook;
    private long _lead = FirstLead;
    private long _usualLateness;
    private bool _followsEvents;
    private int _misses;
    private int _skips;

    /// <param name="transport">Its poller waits.</param>
    /// <param name="options">How to wait.</param>
    /// <param name="timePasses">
    /// Whether time goes on while the loop looks. That of a simulation or a test does not: it would look for ever, so it sleeps.
    /// </param>
    public AdaptiveWait(ConnectionSet transport, EventLoopOptions options, bool timePasses)
    {
        _transport = transport;
        _clock = transport.Clock;
        _maxLook = options.TickRate > 0 ? LoopClock.NanosecondsPerSecond / options.TickRate / MaxShareOfTick : 0;
        _precision = timePasses ? options.TickPrecision : TickPrecision.Saving;
        _spinTime = timePasses ? options.SpinTime.Ticks * TimeSpan.NanosecondsPerTick : 0;
    }

    private bool IsPrecise => _precision == TickPrecision.Always || (_precision == TickPrecision.WhileConnected && _transport.ConnectionCount > 0);

    /// <summary>Waits for events.</summary>
    /// <param name="events">Receives them.</param>
    /// <param name="due">Until when at most, in nanoseconds of the loop clock; <see cref="long.MaxValue"/> for without limit.</param>
    /// <param name="tickDue">When the next tick is due; <see cref="long.MaxValue"/> when there are none.</param>
    /// <returns>How many came.</returns>
    public int Wait(Span<ReadyEvent> events, long due, long tickDue)
    {
        int count = _transport.TakeWake() || due <= _clock.Now ? _transport.Poller.Wait(events, 0) : WaitUntil(events, due, tickDue);
        _followsEvents = count > 0;

        // Whoever woke the loop did so after what he wants done was there to see: this iteration will see it.
        _transport.TakeWake();
        return count;
    }

    private int WaitUntil(Span<ReadyEvent> events, long due, long tickDue)
    {
        if (_spinTime > 0 && _followsEvents && ShallLook())
        {
            long until = Math.Min(due, _clock.Now + _spinTime);
            if (LookUntil(events, until, out int found))
            {
                _misses = 0;
                return found;
            }

            _misses = Math.Min(_misses + 1, MaxMisses);
            _skips = (1 << _misses) - 1;
            if (until == due)
            {
                return 0;
            }

            _clock.Refresh();
        }

        if (due == tickDue && IsPrecise)
        {
            return WaitForTick(events, tickDue);
        }

        return _transport.Poller.WaitUntil(events, _clock.Now, due);
    }

    private bool ShallLook()
    {
        if (_skips == 0)
        {
            return true;
        }

        _skips--;
        return false;
    }

    private int WaitForTick(Span<ReadyEvent> events, long tickDue)
    {
        long wakeAt = tickDue - Math.Min(_lead, _usualLateness + _maxLook);
        if (wakeAt > _clock.Now)
        {
            int count = _transport.Poller.WaitUntil(events, _clock.Now, wakeAt);
            long late = _clock.ReadPrecise() - wakeAt;
            if (count > 0 || late < 0)
            {
                return count;
            }

            LearnLateness(late);
        }

        LookUntil(events, tickDue, out int found);
        return found;
    }

    private void LearnLateness(long late)
    {
        _usualLateness += late > _usualLateness ? UsualStep : -UsualStep;
        _lead = late > _lead ? _lead + LeadGrowth : Math.Max(0, _lead - LeadDecay);
    }

    /// <summary>Looks again and again, without sleep.</summary>
    /// <returns>True when something came, or somebody woke the loop; false when the time is over.</returns>
    private bool LookUntil(Span<ReadyEvent> events, long until, out int count)
    {
        do
        {
            count = _transport.Poller.Wait(events, 0);
            if (count > 0 || _transport.TakeWake())
            {
                return true;
            }
        }
        while (_clock.ReadPrecise() < until);

        return false;
    }
}

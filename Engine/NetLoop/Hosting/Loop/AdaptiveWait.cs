using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop.Hosting.Loop;

/// <summary>Phase Wait: sleeps in the poller, or polls repeatedly when a sleep would end too late.</summary>
/// <remarks>
/// Thread: loop. The loop polls without sleeping in two cases: shortly before a tick (<see cref="TickPrecision"/>), and, if enabled, for a moment after an
/// event, when more may follow (<see cref="EventLoopOptions.SpinTime"/>). In both cases it learns from experience how long to poll.
/// </remarks>
internal sealed class AdaptiveWait
{
    /// <summary>At most this part of a step is spent polling before a tick.</summary>
    private const int MaxShareOfTick = 32;

    /// <summary>
    /// Nanoseconds by which the lead before a tick grows when a wake-up took longer than it, and the basis by which it shrinks otherwise: the lead settles
    /// where one wake-up in 200 takes longer.
    /// </summary>
    private const long LeadGrowth = 100_000;
    private const long LeadDecay = LeadGrowth / 199;
    private const long FirstLead = 200_000;

    /// <summary>Nanoseconds by which the usual lateness moves towards each measurement: it settles at the median, whatever the worst values are.</summary>
    private const long UsualStep = 2_000;

    /// <summary>After this many futile polls in a row, only every 64th sleep is preceded by polling.</summary>
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

    /// <param name="transport">The connections whose poller waits.</param>
    /// <param name="options">How to wait.</param>
    /// <param name="timePasses">
    /// Whether time advances while the loop polls. In a simulation or a test it does not, and the loop would poll forever, so it sleeps instead.
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
    /// <param name="due">The latest time to return, in nanoseconds of the loop clock; <see cref="long.MaxValue"/> for no limit.</param>
    /// <param name="tickDue">The due time of the next tick; <see cref="long.MaxValue"/> without ticks.</param>
    /// <returns>Number of events.</returns>
    public int Wait(Span<ReadyEvent> events, long due, long tickDue)
    {
        int count = _transport.TakeWake() || due <= _clock.Now ? _transport.Poller.Wait(events, 0) : WaitUntil(events, due, tickDue);
        _followsEvents = count > 0;

        // A thread wakes the loop only after its work is visible, so this iteration will see the work.
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

    /// <summary>Polls repeatedly without sleeping.</summary>
    /// <returns>True after an event or a wake-up; false when the time is over.</returns>
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

using Microsoft.Extensions.Logging;
using NetLoop.Diagnostics;
using NetLoop.Handlers;

namespace NetLoop.Hosting.Loop;

/// <summary>Reports late ticks with their cause: what happened between the time a tick was due and the time it started, and nothing before.</summary>
/// <remarks>Thread: loop.</remarks>
/// <param name="logger">Gets one line in five seconds, and one more for a tick that is much later than the last one written.</param>
/// <param name="phases">Measures the phases.</param>
/// <param name="pump">Measures handlers; null when they run on another thread and so make no tick late.</param>
/// <param name="processTimes">What the process did with its time; null where time is virtual.</param>
internal sealed class LateTickLog(ILogger logger, PhaseClock phases, HandlerPump? pump, Func<ProcessTimes>? processTimes)
{
    private LogLimiter _lines;
    private LogLimiter _heldUpLines;
    private LateTick _worstSuppressed;
    private ProcessTimes _before;

    /// <summary>Begins to watch for what makes the next tick late.</summary>
    /// <param name="due">When it is due.</param>
    public void Watch(long due)
    {
        phases.Watch(due);
        pump?.Watch(due);
        if (processTimes is not null)
        {
            _before = processTimes();
        }
    }

    /// <summary>Logs a late tick, or keeps it in mind if it is the worst that is not logged.</summary>
    public void Report(long now, long tick, long lateness, long skipped)
    {
        LateTick late = Examine(tick, lateness, skipped);
        if (_lines.TryEnter(now, lateness, out long suppressed))
        {
            HostingLog.TickLate(logger, tick, lateness / 1e6, late, new SuppressedTicks(suppressed, _worstSuppressed, lateness));
            _worstSuppressed = default;
        }
        else if (lateness > _worstSuppressed.Lateness)
        {
            _worstSuppressed = late;
        }
    }

    /// <summary>Logs ticks that were left out because the handlers' thread did not come to them.</summary>
    /// <param name="now">The time of the loop clock.</param>
    /// <param name="skipped">How many.</param>
    /// <param name="busyWith">What that thread is in; null when it is between two handlers.</param>
    public void ReportHeldUp(long now, long skipped, string? busyWith)
    {
        if (_heldUpLines.TryEnter(now, out long suppressed))
        {
            HostingLog.TicksHeldUp(logger, skipped, busyWith ?? "messages", suppressed);
        }
    }

    private LateTick Examine(long tick, long lateness, long skipped)
    {
        LoopPhase phase = phases.FindCulprit(out _, out long phaseTime);
        ProcessTimes? process = null;
        if (processTimes is not null)
        {
            ProcessTimes now = processTimes();
            process = new ProcessTimes(now.GarbageCollection - _before.GarbageCollection, now.Cpu - _before.Cpu);
        }

        return new LateTick
        {
            Tick = tick,
            Lateness = lateness,
            Skipped = skipped,
            Phase = phase,
            PhaseTime = phaseTime,
            RequestedWork = phases.RequestedWork,
            Handler = pump?.SlowestHandler,
            HandlerOverdue = pump?.SlowestOverdue ?? 0,
            HandlerTime = pump?.SlowestTime ?? 0,
            HandlerCalls = pump?.SlowestCount ?? 0,
            Process = process,
        };
    }
}

using Microsoft.Extensions.Logging;
using NetLoop.Diagnostics;
using NetLoop.Handlers;

namespace NetLoop.Hosting.Loop;

/// <summary>Reports late ticks with their cause, which is something that happened between the due time of the tick and its start.</summary>
/// <remarks>Thread: loop.</remarks>
/// <param name="logger">Gets one line in five seconds, and another one for a tick that is much later than the last one logged.</param>
/// <param name="phases">Measures the phases.</param>
/// <param name="pump">Measures handlers; null if they run on another thread, where they make no tick late.</param>
/// <param name="processTimes">Measures the process; null with virtual time.</param>
internal sealed class LateTickLog(ILogger logger, PhaseClock phases, HandlerPump? pump, Func<ProcessTimes>? processTimes)
{
    private LogLimiter _lines;
    private LogLimiter _heldUpLines;
    private LateTick _worstSuppressed;
    private ProcessTimes _before;

    /// <summary>Starts to watch for the cause of the next late tick.</summary>
    /// <param name="due">The due time of the tick.</param>
    public void Watch(long due)
    {
        phases.Watch(due);
        pump?.Watch(due);
        if (processTimes is not null)
        {
            _before = processTimes();
        }
    }

    /// <summary>Logs a late tick, or remembers it if it is the worst one not logged.</summary>
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

    /// <summary>Logs ticks that were skipped because the handlers' thread was busy.</summary>
    /// <param name="now">The time of the loop clock.</param>
    /// <param name="skipped">Number of skipped ticks.</param>
    /// <param name="busyWith">The handler that runs on that thread; null if none does.</param>
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

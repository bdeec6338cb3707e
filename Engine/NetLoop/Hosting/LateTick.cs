using System.Globalization;
using NetLoop.Diagnostics;

namespace NetLoop.Hosting;

/// <summary>A tick that started late, and what the loop did between the time it was due and the time it started.</summary>
/// <remarks>Times are nanoseconds.</remarks>
internal readonly record struct LateTick
{
    public required long Tick { get; init; }

    public required long Lateness { get; init; }

    /// <summary>Number of ticks skipped to catch up.</summary>
    public required long Skipped { get; init; }

    /// <summary>The phase in which most of the lateness was spent.</summary>
    public required LoopPhase Phase { get; init; }

    /// <summary>The longest time of that phase in one iteration.</summary>
    public required long PhaseTime { get; init; }

    /// <summary>The part of the lateness spent on work from other threads.</summary>
    public long RequestedWork { get; init; }

    /// <summary>The handler that caused most of the lateness; null if none ran.</summary>
    public string? Handler { get; init; }

    /// <summary>The part of the lateness taken by the handler's longest run.</summary>
    public long HandlerOverdue { get; init; }

    /// <summary>The time that this run took.</summary>
    public long HandlerTime { get; init; }

    /// <summary>The number of calls in this run.</summary>
    public int HandlerCalls { get; init; }

    /// <summary>Processor time and collections of the process since the previous tick; null with simulated time.</summary>
    public ProcessTimes? Process { get; init; }

    /// <summary>The reason, as one or two sentences.</summary>
    public override string ToString() => Cause() + (Skipped switch
    {
        0 => "",
        1 => " 1 tick was skipped.",
        _ => Text($" {Skipped} ticks were skipped."),
    });

    private static double Ms(long nanoseconds) => nanoseconds / 1e6;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Cause()
    {
        if (Process is { } process && 2 * process.GarbageCollection.Ticks * TimeSpan.NanosecondsPerTick >= Lateness)
        {
            return Text($"The garbage collector paused the process for {process.GarbageCollection.TotalMilliseconds:F1} ms.");
        }

        if (Phase == LoopPhase.Wait)
        {
            return "The system did not run the loop in time: the machine was busy, or the process was suspended.";
        }

        string cause = Phase switch
        {
            LoopPhase.Tick => Text($"The previous tick took {Ms(PhaseTime):F1} ms."),
            LoopPhase.Handle when 2 * HandlerOverdue >= Lateness =>
                Text($"The handler of {Handler} took {Ms(HandlerTime):F1} ms in {Calls}."),
            LoopPhase.Handle when 2 * RequestedWork >= Lateness =>
                Text($"Phase Handle took {Ms(PhaseTime):F1} ms, most of it for posted actions and sends of other threads."),
            LoopPhase.Handle when Handler is not null =>
                Text($"Phase Handle took {Ms(PhaseTime):F1} ms; slowest handler: {Handler}, {Ms(HandlerTime):F1} ms in {Calls}."),
            _ => Text($"Phase {Phase} took {Ms(PhaseTime):F1} ms."),
        };

        // If the thread was not scheduled for most of the time, the phase or handler may not be the cause, and the message says so.
        return Process is { } times && 2 * times.Cpu.Ticks * TimeSpan.NanosecondsPerTick < Lateness
            ? Text($"{cause} The process used only {times.Cpu.TotalMilliseconds:F1} ms of processor time meanwhile: it waited, or the system did not run it.")
            : cause;
    }

    private string Calls => Text($"{HandlerCalls} {(HandlerCalls == 1 ? "call" : "calls")}");
}

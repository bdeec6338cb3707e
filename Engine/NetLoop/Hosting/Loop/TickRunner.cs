using Microsoft.Extensions.Logging;
using NetLoop.Diagnostics;
using NetLoop.Handlers;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop.Hosting.Loop;

/// <summary>Calls the application's ticks and measures them.</summary>
/// <remarks>Thread: where handlers run; the histograms are read by any.</remarks>
internal sealed class TickRunner(LoopClock clock, LoopCounters counters, ILogger logger)
{
    private readonly EventHandlers<Action<TickContext>> _handlers = new();
    private FaultLimiter _faultLines;
    private int _undelivered;

    /// <summary>The durations of ticks.</summary>
    public LatencyHistogram Durations { get; } = new();

    /// <summary>The game time of one tick.</summary>
    public TimeSpan Delta { get; set; }

    /// <summary>Whether a tick handed to the handlers' thread has not run yet.</summary>
    public bool IsBehind => Volatile.Read(ref _undelivered) > 0;

    /// <summary>Measured tick times, for the meter; in seconds.</summary>
    public Action<double>? OnMeasured { get; set; }

    public void Add(Action<TickContext> handler) => _handlers.Add(handler);

    public void MarkHandedOver() => Interlocked.Increment(ref _undelivered);

    public void MarkDelivered() => Interlocked.Decrement(ref _undelivered);

    public void Run(long firstTick, int count)
    {
        for (int i = 0; i < count; i++)
        {
            long began = clock.ReadPrecise();
            RunOne(firstTick + i);
            long took = clock.ReadPrecise() - began;
            Durations.Record(took);
            OnMeasured?.Invoke(took / 1e9);
        }
    }

    private void RunOne(long tick)
    {
        var context = new TickContext(tick, Delta);
        foreach (Action<TickContext> handler in _handlers.All)
        {
            try
            {
                handler(context);
            }
#pragma warning disable CA1031 // Application code: an exception in one tick must not end the server.
            catch (Exception exception) when (exception is not InvariantViolationException)
#pragma warning restore CA1031
            {
                OnFault(handler, tick, exception);
            }
        }
    }

    private void OnFault(Action<TickContext> handler, long tick, Exception exception)
    {
        if (_faultLines.TryEnter(ref counters.HandlerFaults, clock.ReadPrecise(), out long suppressed))
        {
            HostingLog.TickFailed(logger, EventHandlers<Action<TickContext>>.NameOf(handler), tick, suppressed, exception);
        }
    }
}

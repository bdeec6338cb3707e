using Microsoft.Extensions.Logging;

namespace NetLoop.Simulation;

/// <summary>The log of one simulated process. Its lines are discarded; writing one may take long or fail, as on a slow or full disk.</summary>
/// <param name="host">The host whose time a line takes.</param>
internal sealed class SimulatedLog(SimulatedHost host) : ILoggerFactory, ILogger
{
    private FaultPlan Faults => host.Network.Faults;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // There are no providers.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = formatter(state, exception);
        host.Network.Trace.Event(TraceCode.World, host.Index, eventId.Id, line.Length);
        host.Compute(Faults.Hits(FaultClass.LogSlow) ? Faults.StreamOf(FaultClass.LogSlow).Between(100_000L, 20_000_000L) : 0);
        if (Faults.Hits(FaultClass.LogFailed))
        {
            throw new IOException("No space left on device.");
        }
    }

    public void Dispose()
    {
        // There is nothing to free.
    }
}

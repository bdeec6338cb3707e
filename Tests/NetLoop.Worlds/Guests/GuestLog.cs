using Microsoft.Extensions.Logging;

namespace NetLoop.Worlds.Guests;

/// <summary>The log of a server with guests. It formats every line, and checks that lines which peers can cause are rate limited.</summary>
internal sealed class GuestLog(World world) : ILoggerFactory, ILogger
{
    /// <summary>Minimum time between two such lines, in nanoseconds: five seconds, less the drift that a world's clock may have.</summary>
    private const long LeastPause = 4_990_000_000;

    private const int OpenedLine = 1101;
    private const int ClosedLine = 1102;

    /// <summary>Events with one limit for the whole server: framers, upgrades, unknown messages, authenticators.</summary>
    private static readonly int[] Limited = [1012, 1013, 1103, 1104];

    private readonly Dictionary<int, long> _last = [];

    /// <summary>Sessions that the log reported as opened.</summary>
    public long Opened { get; private set; }

    /// <summary>Sessions that the log reported as closed, including those that never opened.</summary>
    public long Closed { get; private set; }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = formatter(state, exception);
        Opened += eventId.Id == OpenedLine ? 1 : 0;
        Closed += eventId.Id == ClosedLine ? 1 : 0;
        if (Array.IndexOf(Limited, eventId.Id) >= 0)
        {
            long now = world.Network.Events.Now;
            world.Require(!_last.TryGetValue(eventId.Id, out long last) || now - last >= LeastPause, "I37", $"two lines within {(now - last) / 1e9} s: {line}");
            _last[eventId.Id] = now;
        }
    }

    public void Dispose()
    {
    }
}

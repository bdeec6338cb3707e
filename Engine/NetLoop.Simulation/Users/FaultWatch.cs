using Microsoft.Extensions.Logging;

namespace NetLoop.Simulation;

/// <summary>Reads the log of every simulated loop for exceptions of the application, which the engine survives and a test must see.</summary>
internal sealed class FaultWatch(Func<string, string, Exception, HandlerFaultException> describe)
{
    private readonly List<HandlerFaultException> _faults = [];

    public IReadOnlyList<HandlerFaultException> Faults => _faults;

    /// <summary>Creates a log for one host that also writes to the application's log.</summary>
    public ILoggerFactory For(string host, ILoggerFactory? application) => new Factory(this, host, application);

    private void Add(string host, string message, Exception exception) => _faults.Add(describe(host, message, exception));

    private sealed class Factory(FaultWatch watch, string host, ILoggerFactory? application) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new Logger(watch, host, application?.CreateLogger(categoryName));

        public void AddProvider(ILoggerProvider provider) => application?.AddProvider(provider);

        public void Dispose()
        {
            // The application owns its factory.
        }
    }

    private sealed class Logger(FaultWatch watch, string host, ILogger? application) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => application?.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error || application?.IsEnabled(logLevel) == true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            application?.Log(logLevel, eventId, state, exception, formatter);
            if (logLevel >= LogLevel.Error && exception is not null)
            {
                watch.Add(host, formatter(state, exception), exception);
            }
        }
    }
}

using NetLoop.Hosting.Loop;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

[Parallelizable]
public sealed class GuardedLoggerTests
{
    [Test]
    public void EachCall_LoggerWorks_ReachesIt()
    {
        var inner = new Logger { Level = LogLevel.Warning };
        var logger = new GuardedLogger(inner);
        Assert.That((logger.IsEnabled(LogLevel.Information), logger.IsEnabled(LogLevel.Warning)), Is.EqualTo((false, true)));
        var exception = new InvalidOperationException("thrown by nobody");
        logger.Log(LogLevel.Error, new EventId(7), "state", exception, static (state, thrown) => $"{state}, {thrown?.Message}");
        Assert.That(inner.Lines, Is.EqualTo(new[] { "Error 7 state, thrown by nobody" }));
        Assert.That(logger.BeginScope("scope"), Is.SameAs(inner));
    }

    [Test]
    public void EachCall_LoggerThrows_GoesOn()
    {
        var logger = new GuardedLogger(new Logger { IsBroken = true });
        Assert.That(logger.IsEnabled(LogLevel.Critical), Is.False);
        Assert.That(logger.BeginScope("scope"), Is.Null);
        Assert.That(() => logger.Log(LogLevel.Error, new EventId(7), "state", null, static (state, _) => state), Throws.Nothing);
    }

    private sealed class Logger : ILogger, IDisposable
    {
        public List<string> Lines { get; } = [];

        public LogLevel Level { get; init; }

        public bool IsBroken { get; init; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => IsBroken ? throw new InvalidOperationException("thrown by a test") : this;

        public bool IsEnabled(LogLevel logLevel) => IsBroken ? throw new InvalidOperationException("thrown by a test") : logLevel >= Level;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsBroken)
            {
                throw new InvalidOperationException("thrown by a test");
            }

            Lines.Add($"{logLevel} {eventId.Id} {formatter(state, exception)}");
        }

        public void Dispose()
        {
        }
    }
}

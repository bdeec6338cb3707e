using Microsoft.Extensions.Logging;
using NUnit.Framework;
using NetLoop.Hosting.Loop;
using NetLoop.Tests.Sessions;

namespace NetLoop.Tests.Hosting;

/// <summary>Work that the thread pool could not start.</summary>
public sealed class WorkStarterTests : ServerFixture
{
    [Test]
    public void Start_FailsAfterTheLoopStoodStill_IsTriedAgainAfterThePause()
    {
        int failures = 0;
        using var handled = new ManualResetEventSlim();
        Start(
            configure: o =>
            {
                o.TimeProvider = Time;
                o.Workers = work =>
                {
                    if (Interlocked.Increment(ref failures) == 1)
                    {
                        throw new InsufficientMemoryException("thrown by a test");
                    }

                    work.Execute();
                };
            },
            handlers: server => server.On<Say>((session, in say) => handled.Set(), new OffloadOptions()));
        using RawClient client = RawClient.Open(Server);
        Step(seconds: 3600);
        client.Send(Wire.Frame(Wire.Message, 72, Wire.Array("x")));
        WaitUntil(() => Volatile.Read(ref failures) == 1, "not started");
        Step(seconds: 0.1);
        Assert.That(OnLoop(() => handled.IsSet), Is.True);
    }

    [Test]
    public void Start_LoggerBlocksAnotherThread_Returns()
    {
        using var log = new BlockingLoggerFactory();
        using var core = new LoopCore(new EventLoopOptions { LoggerFactory = log, TimeProvider = Time });
        var starter = new WorkStarter(core, static _ => throw new InsufficientMemoryException("thrown by a test"));
        var work = new NoWork();
        var first = new Thread(() => starter.Start(work));
        first.Start();
        Assert.That(log.Entered.Wait(TestHost.Patience), Is.True);
        var second = new Thread(() => starter.Start(work));
        second.Start();
        bool returns = second.Join(TestHost.Patience);
        log.Release.Set();
        first.Join();
        second.Join();
        Assert.That(returns, Is.True);
    }

    private sealed class NoWork : IThreadPoolWorkItem
    {
        public void Execute()
        {
        }
    }

    private sealed class BlockingLoggerFactory : ILoggerFactory, ILogger
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Entered.Set();
            Release.Wait();
        }

        public void Dispose()
        {
            Entered.Dispose();
            Release.Dispose();
        }
    }
}

using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using NetLoop.Diagnostics;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;

namespace NetLoop.Tests.Hosting;

/// <summary>Code outside the engine runs on its threads: loggers, meter listeners, the thread pool. It cannot end a loop.</summary>
[TestFixture(HandlerMode.Loop)]
[TestFixture(HandlerMode.Dedicated)]
public sealed class ForeignCodeTests(HandlerMode handlers)
{
    [Test]
    public async Task Log_ProviderThrows_LoopGoesOn()
    {
        var logs = new ThrowingLoggerFactory();
        NetServer server = CreateServer(o => o.LoggerFactory = logs);
        server.Start();
        await using (NetClient client = await TestHost.ConnectAsync(server))
        {
            server.Post(() => throw new InvalidOperationException("to be logged"));
            await DivideAsync(client);
        }

        Assert.That(logs.Lines, Is.Positive);
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task Measure_MeterListenerThrows_LoopGoesOnAndEnds()
    {
        int measured = 0;
        bool isOver = false;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "NetLoop" && instrument.Meter.Tags?.Any(tag => (string?)tag.Value == nameof(ForeignCodeTests)) == true)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
            MeasurementsCompleted = (_, _) =>
            {
                if (!isOver)
                {
                    throw new InvalidOperationException("thrown by a test");
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) =>
        {
            Interlocked.Increment(ref measured);
            throw new InvalidOperationException("thrown by a test");
        });
        listener.Start();
        NetServer server = CreateServer(o => o.ThreadName = nameof(ForeignCodeTests));
        server.Start();
        await using (NetClient client = await TestHost.ConnectAsync(server))
        {
            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref measured) >= 4, TestHost.Patience), Is.True);
            await DivideAsync(client);
        }

        await TestHost.StopAndCheckAsync(server);
        isOver = true;
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Offload_PoolCannotStartAThread_HandlesEverythingOnceAndLater(bool isKeptAllTheSame)
    {
        const int Messages = 20;
        int failures = 5;
        int running = 0;
        int most = 0;
        int handled = 0;
        NetServer server = CreateServer(o => o.Workers = work =>
        {
            bool fails = Interlocked.Decrement(ref failures) >= 0;
            if (!fails || isKeptAllTheSame)
            {
                ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
            }

            if (fails)
            {
                throw new InsufficientMemoryException("thrown by a test"); // This is an OutOfMemoryException.
            }
        });
        server.On<Say>(
            (session, in say) =>
            {
                int now = Interlocked.Increment(ref running);
                most = Math.Max(most, now);
                Thread.Yield();
                Interlocked.Decrement(ref running);
                Interlocked.Increment(ref handled);
            },
            new OffloadOptions { Workers = 1, Capacity = 4 });
        server.Start();
        await using (NetClient client = await TestHost.ConnectAsync(server))
        {
            for (int i = 0; i < Messages; i++)
            {
                client.Send(new Say("hello"));
            }

            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref handled) == Messages, TestHost.Patience), Is.True, $"{handled} of {Messages} were handled");
            await DivideAsync(client);
        }

        Assert.That(most, Is.EqualTo(1), "workers at a time");
        await TestHost.StopAndCheckAsync(server);
        Assert.That(handled, Is.EqualTo(Messages));
    }

    [Test]
    public async Task Interrupt_ThreadOfHandlers_GoesOn()
    {
        NetServer server = CreateServer();
        server.On<Say>((session, in say) => Thread.CurrentThread.Interrupt());
        server.Start();
        await using (NetClient client = await TestHost.ConnectAsync(server))
        {
            for (int i = 0; i < 10; i++)
            {
                client.Send(new Say("stop"));
                try
                {
                    await DivideAsync(client);
                }
                catch (RequestException)
                {
                    // The interrupt may have hit the next handler, while it waited for a lock.
                }
            }

            await DivideAsync(client);
        }

        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task Interrupt_WhileTheThreadWaitsForALock_GoesOn()
    {
        NetServer server = CreateServer();
        Thread? thread = null;
        server.On<Say>((session, in say) =>
        {
            thread = Thread.CurrentThread;
            thread.Interrupt();
        });
        server.Start();
        await using (NetClient client = await TestHost.ConnectAsync(server))
        {
            using var end = new CancellationTokenSource();
            Task[] writers = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    while (!end.IsCancellationRequested)
                    {
                        server.Post(static () => { });
                    }
                },
                TaskCreationOptions.LongRunning))];
            for (int i = 0; i < 200; i++)
            {
                client.Send(new Say("stop"));
                try
                {
                    await DivideAsync(client);
                }
                catch (RequestException)
                {
                    // As above.
                }
            }

            await end.CancelAsync();
            await Task.WhenAll(writers).WaitAsync(TestHost.Patience);
            Assert.That(thread, Is.Not.Null);
            Assert.That(server.Completion.IsCompleted, Is.False);
        }

        // Buffers are not checked: an interrupt in the middle of a send may lose the buffer that was being filled.
        await server.StopAsync().WaitAsync(TestHost.Patience);
        Assert.That(server.GetStatistics().Connections, Is.Zero);
    }

    [Test]
    public async Task Interrupt_InTheLastBatch_TheRestIsStillDelivered()
    {
        NetServer server = CreateServer();
        server.Start();
        var last = new LastEnvelope();
        server.Post(() =>
        {
            server.Core.Inbox.Add(new InterruptedEnvelope(server.Core));
            server.Core.Inbox.Add(last);
            server.Loop.Stop.Close(TimeSpan.Zero, CloseReason.Normal, "");
        });
        await server.Completion.WaitAsync(TestHost.Patience);
        Assert.That(last.IsDone, Is.True);
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Fail_OfOneLoop_ClosesEveryListenerAndFaultsRunAsync(int loops)
    {
        if (loops > 1 && !OperatingSystem.IsLinux())
        {
            Assert.Ignore("Several loops exist on Linux only.");
        }

        NetServer server = CreateServer(o => o.Loops = loops);
        Task running = server.RunAsync(CancellationToken.None);
        NetEndpoint endpoint = server.Endpoints[0];
        await using NetClient client = await TestHost.ConnectAsync(server);
        server.Loops[^1].Loop.Post(() => Invariant.Fail("broken by a test"));
        Assert.That(() => running.WaitAsync(TestHost.Patience), Throws.TypeOf<InvariantViolationException>());
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(() => socket.Connect("127.0.0.1", endpoint.Port), Throws.TypeOf<SocketException>(), "the port is closed");
        Assert.That(server.GetStatistics().Connections, Is.Zero);
    }

    private static async Task DivideAsync(NetClient client)
    {
        Quotient quotient = await client.RequestAsync(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(2));
    }

    private NetServer CreateServer(Action<NetServerOptions>? configure = null)
    {
        NetServer server = TestHost.CreateServer(o =>
        {
            o.HandlerMode = handlers;
            o.ListenTcp("127.0.0.1", 0);
            configure?.Invoke(o);
        });
        return server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By));
    }

    /// <summary>Stands for a handler that is interrupted behind its own code; on a thread of its own, when nothing more will come for it.</summary>
    private sealed class InterruptedEnvelope(LoopCore core) : Envelope
    {
        public override void Deliver()
        {
            if (core.HandlerThread is not null)
            {
                SpinWait.SpinUntil(() => core.Inbox.IsOver, TestHost.Patience);
            }

            throw new ThreadInterruptedException("thrown by a test");
        }

        public override void Discard()
        {
        }
    }

    private sealed class LastEnvelope : Envelope
    {
        public bool IsDone { get; private set; }

        public override void Deliver() => IsDone = true;

        public override void Discard() => IsDone = true;
    }

    private sealed class ThrowingLoggerFactory : ILoggerFactory, ILogger
    {
        private int _lines;

        public int Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new InvalidOperationException("thrown by a test");

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _lines);
            throw new InvalidOperationException("thrown by a test");
        }

        public void Dispose()
        {
        }
    }
}

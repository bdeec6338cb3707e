using System.Collections.Concurrent;
using System.Threading.Channels;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>One server with real sockets for each test, which leaves nothing behind. It records what its handlers received.</summary>
public abstract class ServerFixture
{
    private Channel<CloseInfo> _closed = null!;
    private Channel<Session> _opened = null!;

    private protected NetServer Server { get; private set; } = null!;

    /// <summary>Texts of Say in the order in which they were handled.</summary>
    private protected ConcurrentQueue<string> Said { get; private set; } = null!;

    private protected ManualTimeProvider Time { get; private set; } = null!;

    private protected RecordingLogger Log { get; private set; } = null!;

    [SetUp]
    public void BeginEmpty()
    {
        _closed = Channel.CreateUnbounded<CloseInfo>();
        _opened = Channel.CreateUnbounded<Session>();
        Said = new ConcurrentQueue<string>();
        Time = new ManualTimeProvider();
        Log = new RecordingLogger();
    }

    [TearDown]
    public async Task StopServer()
    {
        if (Server is { } server)
        {
            Server = null!;
            await TestHost.StopAndCheckAsync(server);
        }
    }

    /// <summary>Starts a server on loopback that records Say messages, echoes blobs and divides.</summary>
    private protected void Start(Action<ListenOptions>? listen = null, Action<NetServerOptions>? configure = null, Action<NetServer>? handlers = null)
    {
        Server = TestHost.CreateServer(o =>
        {
            o.TickRate = 0;
            o.LoggerFactory = Log;
            o.ListenTcp("127.0.0.1", 0, listener =>
            {
                listener.PingInterval = TimeSpan.Zero;
                listen?.Invoke(listener);
            });
            configure?.Invoke(o);
        });
        ChannelWriter<Session> opened = _opened.Writer;
        ChannelWriter<CloseInfo> closed = _closed.Writer;
        Server.OnOpened(session => opened.TryWrite(session));
        Server.OnClosed((session, info) => closed.TryWrite(info));
        if (handlers is null)
        {
            Server.On<Say>((session, in say) => Said.Enqueue(say.Text));
            Server.On<Blob>((session, in blob) => session.Send(blob));
            Server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By));
        }
        else
        {
            handlers(Server);
        }

        Server.Start();
    }

    /// <summary>Runs a function on the loop and waits for the result.</summary>
    private protected T OnLoop<T>(Func<T> look)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Post(() => done.SetResult(look()));
        Assert.That(done.Task.Wait(TestHost.Patience), Is.True, "the loop does not answer");
        return done.Task.Result;
    }

    /// <summary>Advances the manual time second by second, so that the loop is not stalled.</summary>
    private protected void Advance(double seconds)
    {
        double whole = Math.Floor(seconds);
        Step(seconds - whole);
        for (int second = 0; second < whole; second++)
        {
            Step(1);
        }
    }

    /// <summary>Advances the manual time at once: if it is more than a second, the loop was stalled.</summary>
    private protected void Step(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));

        // The wake-up makes the loop read the clock. At the end of that iteration, due timers have fired and their bodies are flushed.
        long woken = OnLoop(() => Server.Core.Counters.Iterations);
        WaitUntil(() => Server.Core.Counters.Iterations > woken, "the iteration does not end");
    }

    /// <summary>Waits until a condition holds on the loop.</summary>
    private protected void WaitUntil(Func<bool> condition, string what)
    {
        long deadline = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds;
        while (!OnLoop(condition))
        {
            Assert.That(Environment.TickCount64, Is.LessThan(deadline), what);
            Thread.Yield();
        }
    }

    private protected CloseInfo NextClosed() => Next(_closed, "no session closed");

    private protected Session NextOpened() => Next(_opened, "no session opened");

    private protected long ClosedFor(CloseReason reason) => Server.GetStatistics().ClosedByReason.GetValueOrDefault(reason);

    private static T Next<T>(Channel<T> channel, string otherwise)
    {
        Task<T> next = channel.Reader.ReadAsync().AsTask();
        Assert.That(next.Wait(TestHost.Patience), Is.True, otherwise);
        return next.Result;
    }
}

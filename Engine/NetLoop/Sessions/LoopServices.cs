using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Transports;

namespace NetLoop.Sessions;

/// <summary>The services that all sessions of one loop share.</summary>
internal sealed class LoopServices
{
    private readonly ObjectPool<BodyWriter> _writers;
    private LogLimiter _unknownMessageLines;
    private LogLimiter _authenticatorFaultLines;
    private LogLimiter _responseFaultLines;
    private LogLimiter _activityFaultLines;
    private Thread? _loopThread;
    private int _pendingHandlers;
    private bool _isOver;

    public LoopServices(
        ConnectionSet transport, Inbox inbox, CommandQueue commands, IEntropySource entropy, ILogger logger, Action<IThreadPoolWorkItem> workers)
    {
        Transport = transport;
        Inbox = inbox;
        CommandQueue = commands;
        Entropy = entropy;
        Logger = logger;
        HandlerLogger = logger;
        Workers = workers;
        _writers = new DefaultObjectPool<BodyWriter>(new WriterPolicy(transport.Pool), 64);
    }

    public ConnectionSet Transport { get; }

    /// <summary>All sessions of the loop. Thread: loop.</summary>
    public SessionList Sessions { get; } = new();

    public Inbox Inbox { get; }

    public CommandQueue CommandQueue { get; }

    public IEntropySource Entropy { get; }

    /// <summary>Logs for sessions.</summary>
    public ILogger Logger { get; }

    /// <summary>Logs exceptions of the application's handlers.</summary>
    public ILogger HandlerLogger { get; init; }

    /// <summary>Starts work on a thread that is neither the loop's nor the handlers'. Thread: any.</summary>
    public Action<IThreadPoolWorkItem> Workers { get; }

    /// <summary>The work that the thread for handlers is running.</summary>
    public RunningWork Work { get; } = new();

    /// <summary>The number of the last tick, for Welcome and Pong.</summary>
    public GameTick Tick { get; init; } = new();

    /// <summary>Index of this loop among the loops of its server, from 0.</summary>
    public int LoopIndex { get; init; }

    /// <summary>The buffer from which messages for handlers on the loop may borrow bytes; null if handlers run on another thread.</summary>
    public ReceiveScratch? Lender { get; init; }

    /// <summary>Whether the caller is on the loop thread and so may use sessions directly.</summary>
    public bool IsLoopThread => Thread.CurrentThread == _loopThread;

    /// <summary>Whether the server's stop has begun: messages and requests that are read from then on reach no handler. Thread: loop.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether the loop has ended. Thread: any.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>Number of running asynchronous and offloaded handlers of all sessions. Thread: any.</summary>
    public int PendingHandlers => Volatile.Read(ref _pendingHandlers);

    /// <summary>Counts an asynchronous or offloaded handler as started. Thread: any.</summary>
    public void HandlerStarted() => Interlocked.Increment(ref _pendingHandlers);

    /// <summary>Counts such a handler as ended; a paused connection or the server's stop may wait for this. Thread: any.</summary>
    public void HandlerEnded()
    {
        Interlocked.Decrement(ref _pendingHandlers);
        if (!IsLoopThread)
        {
            // The loop itself is awake. Otherwise a handler that completes at once would cost it two system calls and an additional iteration.
            Transport.Wake();
        }
    }

    /// <summary>Makes the calling thread the loop thread.</summary>
    public void BindToThread() => Volatile.Write(ref _loopThread, Thread.CurrentThread);

    /// <summary>Leaves the loop without a thread: before its own thread has started, and after it has ended.</summary>
    public void UnbindFromThread() => Volatile.Write(ref _loopThread, null);

    /// <summary>The loop has ended: the responses of running handlers can no longer be sent.</summary>
    public void End()
    {
        Volatile.Write(ref _isOver, true);
        Interlocked.Add(ref Transport.Counters.ResponsesLost, PendingHandlers);
    }

    /// <summary>Encodes a body into its own lease; on the loop, the connections that hold the most memory make room for it. Thread: any.</summary>
    public SendStatus Encode<TBody>(scoped in TBody body, int maxBytes, out Lease ownedLease, out int length)
        where TBody : struct, IBody, allows ref struct
    {
        BodyWriter writer = _writers.Get();
        try
        {
            SendStatus status = writer.Encode(in body, maxBytes, out ownedLease, out length);
            while (status == SendStatus.Overflow && IsLoopThread && Transport.EvictLargestHolder())
            {
                status = writer.Encode(in body, maxBytes, out ownedLease, out length);
            }

            return status;
        }
        finally
        {
            writer.Forget();
            _writers.Return(writer);
        }
    }

    /// <summary>Logs a message without a handler. Sessions cost a peer nothing, so all sessions of a loop share one limit. Thread: any.</summary>
    public void LogUnknownMessage(Session session, int type)
    {
        if (_unknownMessageLines.TryEnter(Transport.Clock.ReadPrecise(), out long suppressed))
        {
            SessionLog.UnknownMessage(Logger, session.Id, session.Remote, type, suppressed);
        }
    }

    /// <summary>Logs an authenticator's exception; limited, because any client can cause one. Thread: any.</summary>
    public void LogAuthenticatorFault(in NetEndpoint remote, Exception exception)
    {
        if (_authenticatorFaultLines.TryEnter(Transport.Clock.ReadPrecise(), out long suppressed))
        {
            SessionLog.AuthenticatorFailed(Logger, remote, suppressed, exception);
        }
    }

    /// <summary>Logs an exception of a contract's constructor or setter while a response was read. Thread: loop.</summary>
    public void LogResponseFault(Session session, string request, Exception exception)
    {
        if (_responseFaultLines.TryEnter(Transport.Clock.ReadPrecise(), out long suppressed))
        {
            SessionLog.ResponseFailed(Logger, request, session.Id, session.Remote, suppressed, exception);
        }
    }

    /// <summary>Logs the exception of an activity listener. Thread: any.</summary>
    public void LogActivityFault(Exception exception)
    {
        if (_activityFaultLines.TryEnter(Transport.Clock.ReadPrecise(), out long suppressed))
        {
            SessionLog.ActivityListenerFailed(Logger, suppressed, exception);
        }
    }

    private sealed class WriterPolicy(BufferPool pool) : PooledObjectPolicy<BodyWriter>
    {
        public override BodyWriter Create() => new(pool);

        public override bool Return(BodyWriter obj) => true;
    }
}

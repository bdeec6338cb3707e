using NetLoop.Diagnostics;
using NetLoop.Hosting;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Transports;

namespace NetLoop;

/// <summary>One thread that multiplexes many sockets. A server has its own; thousands of clients can share one.</summary>
/// <remarks>Thread: public members may be called from any thread.</remarks>
public sealed class EventLoop : IAsyncDisposable, ICommandTarget, ILoopParticipant
{
    /// <summary>How long the end of the loop waits for a handler on its own thread to return. Nanoseconds.</summary>
    private const long LastHandlerGrace = 1_000_000_000;

    private const int StopCommand = 0;
    private const int RunCommand = 1;
    private const int HandlersFailedCommand = 2;

    private readonly EventLoopOptions _options;
    private readonly LoopMeter _meter;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HandlerThread? _handlerThread;
    private StallWatch? _stallWatch;
    private FaultLimiter _faultLines;
    private Exception? _handlersFailure;
    private int _isStarted;

    internal EventLoop(EventLoopOptions options)
    {
        options.Validate();
        _options = options;
        Core = new LoopCore(options);
        Core.Join(this);
        Stop = new LoopStop(this);
        _meter = new LoopMeter(Core, options.ThreadName);
    }

    /// <summary>Completes when the loop has ended; faults when it failed.</summary>
    public Task Completion => _ended.Task;

    internal LoopCore Core { get; }

    internal EventLoopOptions Options => _options;

    /// <summary>How far its end has come. Thread: loop.</summary>
    internal LoopStop Stop { get; }

    /// <summary>Called on the loop's thread when the loop has failed, before <see cref="Completion"/> says so.</summary>
    internal Action? OnFailed { get; set; }

    /// <summary>What ended the handlers' thread. Thread: loop.</summary>
    internal Exception? HandlersFailure => _handlersFailure;

    internal bool IsStarted => Volatile.Read(ref _isStarted) != 0;

    /// <summary>Starts a loop for clients.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">The platform lacks the poller asked for.</exception>
    public static EventLoop Start(Action<EventLoopOptions>? configure = null)
    {
        var options = new EventLoopOptions();
        configure?.Invoke(options);
        var loop = new EventLoop(options);
        loop.StartThread();
        return loop;
    }

    /// <summary>Calls a handler at every tick, where handlers run. To be registered before the loop starts, or on it.</summary>
    public void OnTick(Action<TickContext> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Core.Ticks.Add(handler);
    }

    /// <summary>Runs an action on the loop thread; at once when the caller is on it.</summary>
    /// <returns>False when the loop has ended.</returns>
    public bool Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (Core.Services.IsLoopThread)
        {
            action();
            return true;
        }

        return Core.CommandQueue.Write(new LoopCommand(this, RunCommand, action));
    }

    /// <summary>What the loop has done, and how it is now.</summary>
    public LoopStatistics GetStatistics() => LoopStatistics.Of(Core);

    /// <summary>
    /// Ends the loop: says Goodbye for every session on it, waits for their connections to close, resets what is left after 5 s, and ends
    /// the thread.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
    }

    bool ICommandTarget.MayRunInsideHandler => false;

    void ICommandTarget.OnCommand(in LoopCommand item)
    {
        switch (item.Kind)
        {
            case StopCommand:
                Stop.Close((TimeSpan)item.State!, CloseReason.Normal, "");
                break;

            case RunCommand:
                RunPosted((Action)item.State!);
                break;

            case HandlersFailedCommand:
                _handlersFailure = (Exception)item.State!;
                HostingLog.LoopFailed(Core.Logger, _handlersFailure);
                break;

            default:
                Invariant.Fail($"command queue kind {item.Kind}");
                break;
        }
    }

    void ILoopParticipant.OnIterationEnded() => Stop.Advance();

    internal void StartThread()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            throw new InvalidOperationException("The loop was already started; a loop runs only once.");
        }

        if (_options.Runner is { } runner)
        {
            runner.Start(this);
            return;
        }

        try
        {
            StartHandlers();
        }
        catch (Exception exception)
        {
            // There is no thread that would end the loop.
            Core.BindToThread();
            Finish(exception);
            throw;
        }

        if (_options.StallWarning > TimeSpan.Zero)
        {
            _stallWatch = new StallWatch(Core, _options.StallWarning);
        }

        new Thread(Run) { Name = _options.ThreadName, IsBackground = true }.Start();
    }

    /// <summary>Starts the handlers' own thread, if they have one.</summary>
    internal void StartHandlers()
    {
        if (_options.HandlerMode == HandlerMode.Dedicated)
        {
            IPoller sleep = Core.Transport.Stack.CreatePoller(_options.Poller);
            _handlerThread = new HandlerThread(Core, _options.Threads, sleep, _options.ThreadName + " handlers", OnHandlersFailed);
            Core.HandlerThread = _handlerThread;
        }
    }

    internal async Task StopAsync(TimeSpan drain)
    {
        if (Interlocked.CompareExchange(ref _isStarted, 1, 0) == 0)
        {
            // Never started: there is no thread to end.
            Core.BindToThread();
            Finish(null);
        }
        else if (Core.Services.IsLoopThread)
        {
            Stop.Close(drain, CloseReason.Normal, "");
        }
        else
        {
            Core.CommandQueue.Write(new LoopCommand(this, StopCommand, drain));
        }

        await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>Says Goodbye for every session. Thread: loop.</summary>
    internal void EndSessions(CloseReason reason, string text)
    {
        // Each leaves the list when it is over.
        SessionList sessions = Core.Services.Sessions;
        while (sessions.Count > 0)
        {
            sessions.All[^1].End(reason, text);
        }
    }

    /// <summary>Resets every connection. Thread: loop.</summary>
    internal void AbortConnections()
    {
        SessionList sessions = Core.Services.Sessions;
        while (sessions.Count > 0)
        {
            sessions.All[^1].Abort(CloseReason.ServerStopping);
        }

        // Those that outlive their sessions, because their peers have yet to read the rest.
        foreach (Connection connection in Core.Transport.Connections)
        {
            connection.Abort(CloseReason.ServerStopping);
        }
    }

    private void OnHandlersFailed(Exception failure) =>
        Core.CommandQueue.Write(new LoopCommand(this, HandlersFailedCommand, failure));

    private void RunPosted(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Application code, and whoever posted it is long gone.
        catch (Exception exception) when (exception is not InvariantViolationException)
#pragma warning restore CA1031
        {
            if (_faultLines.TryEnter(ref Core.Counters.HandlerFaults, Core.Clock.Now, out long suppressed))
            {
                HostingLog.ActionFailed(Core.Logger, suppressed, exception);
            }
        }
    }

    private void CloseListeners()
    {
        List<Listener> listeners = Core.Transport.Listeners;
        while (listeners.Count > 0)
        {
            listeners[^1].Close();
        }
    }

    /// <summary>Makes the calling thread the loop's own. Whoever calls this runs the iterations too, and <see cref="Finish"/> when there are no more.</summary>
    internal void Begin()
    {
        Interlocked.Exchange(ref _isStarted, 1);
        Core.BindToThread();
        Core.StartTicks();
    }

    /// <summary>Runs one iteration.</summary>
    /// <returns>False when it was the last: the loop is over.</returns>
    internal bool Iterate()
    {
        Core.RunIteration();
        return !Stop.IsOver && _handlersFailure is null;
    }

    /// <summary>The same on a thread of its own, which a handler may have interrupted: that ends a wait for a lock, not the loop.</summary>
    private bool IterateOrBeInterrupted()
    {
        try
        {
            return Iterate();
        }
        catch (ThreadInterruptedException exception)
        {
            if (_faultLines.TryEnter(ref Core.Counters.HandlerFaults, Core.Clock.Now, out long suppressed))
            {
                HostingLog.Interrupted(Core.Logger, suppressed, exception);
            }

            return true;
        }
    }

    /// <summary>Forgets a loop that never ran or whose process died in a simulation: nobody ends it any more.</summary>
    internal void Abandon()
    {
        _meter.Dispose();
        _ended.TrySetCanceled();
    }

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(new LoopSynchronizationContext(Core.Services));
        try
        {
            Begin();
            while (IterateOrBeInterrupted())
            {
            }
        }
#pragma warning disable CA1031 // The last resort: a bug of ours ends this loop with its error on the task, not the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            HostingLog.LoopFailed(Core.Logger, exception);
            Finish(exception);
            return;
        }

        Finish(_handlersFailure);
    }

    /// <summary>Frees everything and completes <see cref="Completion"/>. Thread: loop.</summary>
    internal void Finish(Exception? failure)
    {
        // Whatever state a failure has left behind: somebody waits for the loop's end, and others want the port.
        failure = Attempt(CloseListeners, failure);
        failure = Attempt(EndCommands, failure);
        failure = Attempt(AbortConnections, failure);
        failure = Attempt(Core.Transport.CloseDeadConnections, failure);
        failure = Attempt(EndHandlers, failure);
        failure = Attempt(Core.Workers.End, failure);
        failure = Attempt(() => _stallWatch?.Dispose(), failure);
        failure = Attempt(_meter.Dispose, failure);
        failure = Attempt(Core.Dispose, failure);
        if (failure is null)
        {
            Awaited.Complete(_ended, static ended => ended.TrySetResult());
            return;
        }

        // A loop that failed for want of something has given it back by now: those who await the end must hear of it.
        Attempt(() => OnFailed?.Invoke(), failure);
        ThreadPoolRescue.EnsureRuns();
        Awaited.Complete((_ended, failure), static end => end._ended.TrySetException(end.failure));
    }

    private Exception? Attempt(Action step, Exception? failure)
    {
        try
        {
            step();
            return failure;
        }
#pragma warning disable CA1031 // The steps behind it must have their turn.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            HostingLog.LoopFailed(Core.Logger, exception);
            return failure ?? exception;
        }
    }

    /// <summary>Before connections, so that what other threads asked for is answered, and a client that dials is ended with the others.</summary>
    private void EndCommands()
    {
        Core.CommandQueue.Complete();
        Core.CommandQueue.Drain(int.MaxValue);
    }

    private void EndHandlers()
    {
        Stop.CancelTimer();

        // What handlers of the rest await goes on in the thread pool: a chain of continuations must not keep the end waiting.
        Core.Services.UnbindFromThread();
        if (_handlerThread is null || _handlerThread.TryEnd(Core.Clock.ReadPrecise() + LastHandlerGrace))
        {
            Core.DiscardInbox();
            Core.CommandQueue.Drain(int.MaxValue); // What handlers sent while they were waited for.
        }
        else
        {
            Interlocked.Increment(ref Core.Counters.ResponsesLost); // That of the handler which does not return.
        }

        Core.Services.End();
    }
}

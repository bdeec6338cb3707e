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
    /// <summary>Nanoseconds that the end of the loop waits for a handler on the handlers' thread to return.</summary>
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

    /// <summary>The state of the loop's stop. Thread: loop.</summary>
    internal LoopStop Stop { get; }

    /// <summary>Called on the loop's thread when the loop has failed, before <see cref="Completion"/> faults.</summary>
    internal Action? OnFailed { get; set; }

    /// <summary>The exception that ended the handlers' thread. Thread: loop.</summary>
    internal Exception? HandlersFailure => _handlersFailure;

    internal bool IsStarted => Volatile.Read(ref _isStarted) != 0;

    /// <summary>Starts a loop for clients.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">The platform does not have the selected poller.</exception>
    public static EventLoop Start(Action<EventLoopOptions>? configure = null)
    {
        var options = new EventLoopOptions();
        configure?.Invoke(options);
        var loop = new EventLoop(options);
        loop.StartThread();
        return loop;
    }

    /// <summary>Registers a tick handler, which runs where handlers run. Call this before the loop starts, or on the loop.</summary>
    public void OnTick(Action<TickContext> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Core.Ticks.Add(handler);
    }

    /// <summary>
    /// Runs an action on the loop thread. Called on that thread, it runs the action at once, before it returns; on another thread it queues the action.
    /// </summary>
    /// <returns>False if the loop has ended.</returns>
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

    /// <summary>Returns the loop's counters and current state.</summary>
    public LoopStatistics GetStatistics() => LoopStatistics.Of(Core);

    /// <summary>
    /// Ends the loop: sends Goodbye to the peer of each session, waits for their connections to close, resets those that are still open after 5 s, and ends
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
            // There is no loop thread yet, so this thread must end the loop.
            Core.BindToThread();
            Finish(exception);
            throw;
        }

        if (_options.StallWarning > TimeSpan.Zero)
        {
            _stallWatch = new StallWatch(Core, _options.StallWarning);
        }

        new Thread(RunOnOwnThread) { Name = _options.ThreadName, IsBackground = true }.Start();
    }

    private void RunOnOwnThread()
    {
        NetActivities.LeaveCurrent();
        Run();
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

    /// <summary>Ends every session with Goodbye. Thread: loop.</summary>
    internal void EndSessions(CloseReason reason, string text)
    {
        // Each session leaves the list when it ends.
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

        // Some connections outlive their sessions, because their peers have not read everything yet.
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
#pragma warning disable CA1031 // Application code, and its caller is no longer there to get the exception.
        catch (Exception exception) when (exception is not InvariantViolationException)
#pragma warning restore CA1031
        {
            if (_faultLines.TryEnter(ref Core.Counters.HandlerFaults, Core.Clock.Now, out long suppressed))
            {
                HostingLog.ActionFailed(Core.Services.HandlerLogger, suppressed, exception);
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

    /// <summary>Makes the calling thread the loop thread. The caller then runs the iterations, and calls <see cref="Finish"/> after the last one.</summary>
    internal void Begin()
    {
        Interlocked.Exchange(ref _isStarted, 1);
        Core.BindToThread();
        Core.StartTicks();
    }

    /// <summary>Runs one iteration.</summary>
    /// <returns>False if it was the last one: the loop is over.</returns>
    internal bool Iterate()
    {
        Core.RunIteration();
        return !Stop.IsOver && _handlersFailure is null;
    }

    /// <summary>Runs one iteration on the loop's own thread. If a handler interrupts that thread, a wait for a lock ends, but not the loop.</summary>
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

    /// <summary>Abandons a loop that never ran, or whose process died in a simulation: nothing else will end it.</summary>
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
#pragma warning disable CA1031 // Last resort: a bug in the engine ends this loop and faults its task, but must not end the process.
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
        // Free everything, whatever state a failure has left: callers wait for the loop's end, and other code may need the port.
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

        // A loop that failed because it lacked resources has returned them by now. Code that awaits the end must be notified in any case.
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
#pragma warning disable CA1031 // The following steps must still run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            HostingLog.LoopFailed(Core.Logger, exception);
            return failure ?? exception;
        }
    }

    /// <summary>
    /// Runs before the connections end, so that commands of other threads get their results, and a client that is connecting ends like the others.
    /// </summary>
    private void EndCommands()
    {
        Core.CommandQueue.Complete();
        Core.CommandQueue.Drain(int.MaxValue);
    }

    private void EndHandlers()
    {
        Stop.CancelTimer();

        // Awaits of the remaining handlers continue on the thread pool, so that a chain of continuations cannot delay the end.
        Core.Services.UnbindFromThread();
        if (_handlerThread is null || _handlerThread.TryEnd(Core.Clock.ReadPrecise() + LastHandlerGrace))
        {
            Core.DiscardInbox();
            Core.CommandQueue.Drain(int.MaxValue); // Commands that handlers queued during the wait.
        }
        else
        {
            Interlocked.Increment(ref Core.Counters.ResponsesLost); // The response of a handler that has not returned.
        }

        Core.Services.End();
    }
}

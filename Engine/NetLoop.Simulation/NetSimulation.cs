using System.Runtime.CompilerServices;
using NetLoop.Simulation;

namespace NetLoop;

/// <summary>A network of servers and clients in virtual time: the production engine on simulated machines, all on the caller's thread.</summary>
/// <remarks>
/// Nothing happens while the test inspects the state: handlers, ticks and timers run only in <see cref="Advance"/> and the other members that let time pass.
/// The same seed and the same calls repeat a run event for event; see <see cref="TraceHash"/>.
/// Thread: one at a time. Handlers must stay on it: no Task.Run, no ConfigureAwait(false); delays need the loop's TimeProvider.
/// </remarks>
public sealed partial class NetSimulation : IDisposable
{
    /// <summary>Nanoseconds between two checks of a condition: frequent enough, and cheap.</summary>
    private const long LookEvery = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SimulatedHost _test;
    private LinkConditions _link = LinkConditions.Perfect;
    private int _faultsSeen;
    private int _thread;
    private long _keptBytes;
    private bool _isFull;
    private bool _isAdvancing;
    private bool _isDisposed;

    /// <summary>Creates an empty network at time zero.</summary>
    /// <param name="seed">Determines all random decisions.</param>
    public NetSimulation(ulong seed = 1)
    {
        Simulator = new Simulator(seed);
        Simulator.Network.Faults.IsActive = true;
        Watch = new FaultWatch((host, text, exception) =>
            new HandlerFaultException($"On {host}, {Now} after the beginning, seed {Seed}: {text}", exception));
        _test = Simulator.Network.AddHost("test");
        _test.Clock.ReadCost = 0;
        _thread = Environment.CurrentManagedThreadId;
    }

    /// <summary>The seed of the simulation.</summary>
    public ulong Seed => Simulator.Network.Seed;

    /// <summary>Virtual time since the beginning.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Simulator.Network.Events.Now / 100);

    /// <summary>The test's own clock in virtual time, for Task.Delay, PeriodicTimer and the like in <see cref="Run(Func{Task}, TimeSpan?)"/>.</summary>
    public TimeProvider TimeProvider => _test.Clock;

    /// <summary>The link between a server and each client that is created from here on; perfect unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message says which.</exception>
    public LinkConditions Link
    {
        get => _link;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            _link = value;
        }
    }

    /// <summary>
    /// Whether clients created from here on keep the messages that they receive for <see cref="SimulatedClient.Received{T}"/>. False saves time and
    /// memory when thousands of clients receive many messages.
    /// </summary>
    public bool KeepReceived { get; set; } = true;

    /// <summary>Maximum number of bytes that all clients together keep; beyond that, the methods that let time pass throw.</summary>
    public long MaxReceivedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// Whether the methods that let time pass throw <see cref="HandlerFaultException"/> when a handler, a tick or a continuation of one throws. Set
    /// it to false to test how the server survives.
    /// </summary>
    public bool FailOnHandlerFault { get; set; } = true;

    /// <summary>
    /// The exceptions of handlers so far, as the loops logged them: at most one in five virtual seconds for each handler table.
    /// <see cref="LoopStatistics.HandlerFaults"/> counts all of them.
    /// </summary>
    public IReadOnlyList<HandlerFaultException> HandlerFaults => Watch.Faults;

    /// <summary>A hash of all events on the network and the loops: two runs with the same hash had the same events.</summary>
    public ulong TraceHash => Simulator.Network.Trace.Hash;

    internal Simulator Simulator { get; }

    internal SimulationContext Context { get; } = new();

    internal FaultWatch Watch { get; }

    /// <summary>Lets time pass.</summary>
    /// <param name="duration">Zero or more; zero runs only the events that are due now.</param>
    /// <exception cref="HandlerFaultException">A handler threw; time stopped at that moment. See <see cref="FailOnHandlerFault"/>.</exception>
    /// <exception cref="InvalidOperationException">Called by a handler or a scheduled action, or another thread took part.</exception>
    public void Advance(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        Pass(duration, isDone: null);
    }

    /// <summary>Lets time pass until a condition holds. It is checked once each virtual millisecond, and must not have side effects.</summary>
    /// <param name="condition">The condition to wait for.</param>
    /// <param name="within">Maximum virtual time; one minute by default.</param>
    /// <param name="conditionText">Filled in by the compiler.</param>
    /// <exception cref="TimeoutException">The condition did not hold in time; the message has the state of servers and clients.</exception>
    public void AdvanceUntil(Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string conditionText = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        TimeSpan limit = Limit(within);
        long nextLook = 0;
        bool holds = false;
        Pass(limit, () =>
        {
            long now = Simulator.Network.Events.Now;
            if (now >= nextLook)
            {
                nextLook = now + LookEvery;
                holds = condition();
            }

            return holds;
        });
        if (!holds && !condition())
        {
            throw TimedOut($"'{conditionText}' did not hold", limit);
        }
    }

    /// <summary>Lets time pass until a server has run a number of further ticks.</summary>
    /// <param name="server">Made by <see cref="Server"/>, with a tick rate above 0.</param>
    /// <param name="count">0 or more.</param>
    /// <exception cref="InvalidOperationException">The server has no ticks, or does not belong to this simulation.</exception>
    /// <exception cref="TimeoutException">The ticks did not run, because the server stopped or is paused.</exception>
    public void AdvanceTicks(NetServer server, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        HostedServer hosted = Find(server);
        if (hosted.TickRate == 0)
        {
            throw new InvalidOperationException($"{hosted.Host.Name} has no ticks; set TickRate in its options, or call {nameof(Advance)}.");
        }

        long until = server.Core.Ticks.Durations.Count + count;
        TimeSpan limit = TimeSpan.FromSeconds(1 + (2.0 * count / hosted.TickRate));
        if (!Pass(limit, () => server.Core.Ticks.Durations.Count >= until))
        {
            throw TimedOut($"{hosted.Host.Name} did not run {count} ticks", limit);
        }
    }

    /// <summary>Lets time pass until a task is complete.</summary>
    /// <param name="task">
    /// A task that a simulated client or loop completes. For code that awaits several tasks, use <see cref="Run(Func{Task}, TimeSpan?)"/>.
    /// </param>
    /// <param name="within">Maximum virtual time; one minute by default.</param>
    /// <exception cref="TimeoutException">The task did not complete in time.</exception>
    public void Run(Task task, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        TimeSpan limit = Limit(within);
        if (!Pass(limit, () => task.IsCompleted))
        {
            throw TimedOut("The task did not complete (code that awaits must begin inside: Run(async () => ...))", limit);
        }

        task.GetAwaiter().GetResult();
    }

    /// <summary>Lets time pass until a task is complete.</summary>
    /// <returns>Its result.</returns>
    /// <inheritdoc cref="Run(Task, TimeSpan?)"/>
    public T Run<T>(Task<T> task, TimeSpan? within = null)
    {
        Run((Task)task, within);
        return task.Result;
    }

    /// <summary>Runs asynchronous code in virtual time. Its awaits take only virtual time, and its continuations run on this thread.</summary>
    /// <param name="code">May send, request, and delay on <see cref="TimeProvider"/>; must not call methods that let time pass.</param>
    /// <param name="within">Maximum virtual time; one minute by default.</param>
    /// <exception cref="TimeoutException">The code did not end in time.</exception>
    public void Run(Func<Task> code, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        Enter(nameof(Run));
        StartServers();
        Task? task = null;
        Context.Call(() => task = code());
        Run(task!, within);
    }

    /// <summary>Runs asynchronous code in virtual time.</summary>
    /// <returns>Its result.</returns>
    /// <inheritdoc cref="Run(Func{Task}, TimeSpan?)"/>
    public T Run<T>(Func<Task<T>> code, TimeSpan? within = null)
    {
        Task<T>? task = null;
        Run((Func<Task>)(() => task = code()), within);
        return task!.Result;
    }

    /// <summary>Runs an action once, after some time. Its exception ends the method that lets time pass.</summary>
    /// <param name="after">Zero or more, from now.</param>
    /// <param name="action">May do anything except let time pass.</param>
    /// <returns>Dispose it to cancel the action.</returns>
    public IDisposable Schedule(TimeSpan after, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        return Begin(after, action, TimeSpan.Zero);
    }

    /// <summary>Runs an action repeatedly, for the first time after one interval.</summary>
    /// <param name="interval">More than zero.</param>
    /// <param name="action">May do anything except let time pass.</param>
    /// <returns>Dispose it to end the repetition.</returns>
    public IDisposable Repeat(TimeSpan interval, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return Begin(interval, action, interval);
    }

    /// <summary>Ends everything at once, like a power failure: no more handlers run.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (LoopDriver driver in Simulator.Drivers)
        {
            driver.Kill();
            driver.Loop.Abandon();
        }

        Simulator.Dispose();
    }

    internal static long Nanoseconds(TimeSpan time) => time.Ticks > long.MaxValue / 400 ? long.MaxValue / 4 : time.Ticks * 100;

    /// <summary>Makes the calling thread the thread of every loop, because a test may continue on another thread after an await.</summary>
    internal void Bind()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int thread = Environment.CurrentManagedThreadId;
        if (thread == _thread)
        {
            return;
        }

        if (_isAdvancing)
        {
            throw new InvalidOperationException("Another thread uses the simulation while time passes; a simulation is for one thread at a time.");
        }

        _thread = thread;
        foreach (LoopDriver driver in Simulator.Drivers)
        {
            if (!driver.IsOver)
            {
                driver.Core.BindToThread();
            }
        }
    }

    /// <summary>Whether this number of bytes of received messages may be kept in addition.</summary>
    internal bool MayKeep(int bytes)
    {
        _isFull |= _keptBytes + bytes > MaxReceivedBytes;
        _keptBytes += _isFull ? 0 : bytes;
        return !_isFull;
    }

    internal void Forget(int bytes)
    {
        _keptBytes -= bytes;
        _isFull = false;
    }

    private static TimeSpan Limit(TimeSpan? within)
    {
        TimeSpan limit = within ?? Patience;
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(within));
        return limit;
    }

    private ScheduledAction Begin(TimeSpan after, Action action, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(action);
        Bind();
        var scheduled = new ScheduledAction(Simulator, Context, action, Nanoseconds(period));
        scheduled.Begin(Nanoseconds(after));
        return scheduled;
    }

    private void Enter(string member)
    {
        Bind();
        if (_isAdvancing)
        {
            throw new InvalidOperationException(
                $"{member} was called while time passes, by a handler, a condition or scheduled code. Only the test itself lets time pass; there, "
                    + $"await or use {nameof(Schedule)}.");
        }
    }

    /// <summary>Lets time pass until a condition is met, or for at most a duration.</summary>
    /// <returns>Whether the condition is met.</returns>
    private bool Pass(TimeSpan duration, Func<bool>? isDone, [CallerMemberName] string member = "")
    {
        Enter(member);
        StartServers();
        SimulatedNetwork network = Simulator.Network;
        _isAdvancing = true;
        network.Thread = _thread;
        bool done = false;
        try
        {
            Simulator.RunUntil(network.Events.Now + Nanoseconds(duration), () =>
            {
                if (Context.RunPosted())
                {
                    Simulator.LookAtLoops();
                }

                return HasTrouble || (done = isDone?.Invoke() ?? false);
            });
            done = done || (isDone?.Invoke() ?? false);
        }
        finally
        {
            _isAdvancing = false;
            network.Thread = 0;
        }

        ThrowTrouble();
        return done;
    }

    private bool HasTrouble => _isFull || Simulator.Network.WasDisturbed || (FailOnHandlerFault && Watch.Faults.Count > _faultsSeen);

    private void ThrowTrouble()
    {
        int faults = _faultsSeen;
        _faultsSeen = Watch.Faults.Count;
        if (FailOnHandlerFault && faults < _faultsSeen)
        {
            throw Watch.Faults[faults];
        }

        if (Simulator.Network.WasDisturbed)
        {
            Simulator.Network.WasDisturbed = false;
            throw new InvalidOperationException(
                "A thread of the thread pool used a session while time passed. A handler left its thread: by Task.Run, ConfigureAwait(false), or a "
                    + "delay without the loop's TimeProvider. No seed repeats that.");
        }

        if (_isFull)
        {
            throw new InvalidOperationException(
                $"The clients keep {_keptBytes} bytes of received messages and may keep {MaxReceivedBytes}: call ClearReceived now and then, set "
                    + $"{nameof(KeepReceived)} to false, or raise {nameof(MaxReceivedBytes)}.");
        }
    }

    private TimeoutException TimedOut(string what, TimeSpan within) =>
        new($"{what} within {within.TotalSeconds:0.###} virtual seconds; it is {Now} after the beginning, seed {Seed}.{Describe()}");
}

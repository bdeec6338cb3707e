using NetLoop.CompilerServices;
using NetLoop.Diagnostics;
using NetLoop.Time;

namespace NetLoop.Messaging;

/// <summary>A request that waits for its response. It is also the envelope that carries the response to its caller.</summary>
/// <remarks>Thread: loop until it is answered, then the handlers' thread.</remarks>
internal abstract class PendingRequest : Envelope, ITimerTarget
{
    private RequestTracker? _tracker;
    private CancellationTokenRegistration _registration;

    protected PendingRequest(int type, string name, long timeoutNanoseconds, CancellationToken cancellation)
    {
        Type = type;
        Name = name;
        TimeoutNanoseconds = timeoutNanoseconds;
        Cancellation = cancellation;
    }

    public int Type { get; }

    /// <summary>Name of the request's contract, for error texts.</summary>
    public string Name { get; }

    /// <summary>The tracing data of the request; null for none.</summary>
    public abstract OutgoingTrace? Trace { get; }

    /// <summary>Whether the response has been delivered to the code that awaits it. Thread: any.</summary>
    public abstract bool IsCompleted { get; }

    public long TimeoutNanoseconds { get; }

    /// <summary>The id on the wire, while the request is outstanding.</summary>
    public uint Id { get; private set; }

    /// <summary>The end of the wait, in peer time.</summary>
    public long Deadline { get; set; }

    /// <summary>Nanoseconds by which the end was postponed because input could not be read.</summary>
    public long Postponed { get; set; }

    /// <summary>The timer that ends the wait.</summary>
    public TimerHandle Timeout { get; set; }

    protected CancellationToken Cancellation { get; }

    protected RequestException? Error { get; private set; }

    /// <summary>Starts the wait.</summary>
    public void Track(RequestTracker tracker, uint id)
    {
        _tracker = tracker;
        Id = id;
    }

    /// <summary>Registers a callback for the cancellation of the caller's token; it runs on the thread that cancels.</summary>
    public void WatchCancellation(object state, Action<object, PendingRequest> onCancelled)
    {
        if (Cancellation.CanBeCanceled)
        {
            _registration = Cancellation.UnsafeRegister(_ => onCancelled(state, this), null);
        }
    }

    /// <summary>Reads the result of a response.</summary>
    /// <param name="reader">The reader, positioned at the result.</param>
    /// <param name="thrown">The exception of a constructor or setter of the contract; null if there was none.</param>
    /// <returns>False if the result does not fit the contract.</returns>
    public abstract bool TryReadResult(ref NetReader reader, out Exception? thrown);

    /// <summary>Makes the outcome an error.</summary>
    public void Fail(int code, string text) => Error = new RequestException(code, text);

    public sealed override void Deliver()
    {
        // Dispose would wait for a callback that is running; the callback may wait for room in the command queue, which only this thread makes.
        _registration.Unregister();
        Trace?.End(Error);
        Awaited.Complete(this, static request => request.Complete());
    }

    public sealed override void Discard()
    {
        Fail(ErrorCode.Cancelled, "The loop ended before the response was delivered.");
        Deliver();
    }

    void ITimerTarget.OnTimer() =>
        _tracker?.OnTimeout(this, $"No response to {Name} (type {Type}) within the timeout.");

    protected abstract void Complete();
}

/// <summary>A request whose response is a <typeparamref name="TResponse"/> that a formatter reads.</summary>
internal sealed class PendingRequest<TResponse, TFormatter>(
    int type, string name, long timeoutNanoseconds, CancellationToken cancellation, OutgoingTrace? trace = null)
    : PendingRequest(type, name, timeoutNanoseconds, cancellation)
    where TFormatter : INetFormatter<TResponse>
{
    // Continuations must not run inside the pump: with a synchronization context they are posted to it, otherwise they go to the thread pool.
    // The trace is stored in the task's state, a field that every task has, so that requests without a trace need no extra memory.
    private readonly TaskCompletionSource<TResponse> _completion = new(trace, TaskCreationOptions.RunContinuationsAsynchronously);

    private TResponse? _response;

    public Task<TResponse> Task => _completion.Task;

    public override OutgoingTrace? Trace => (OutgoingTrace?)_completion.Task.AsyncState;

    public override bool IsCompleted => _completion.Task.IsCompleted;

    public override bool TryReadResult(ref NetReader reader, out Exception? thrown)
    {
        thrown = null;
        try
        {
            bool read = TFormatter.TryRead(ref reader, out _response);
            ChargedBytes = reader.ChargedBytes;
            return read;
        }
#pragma warning disable CA1031 // A constructor or setter of an application type: an exception caused by a peer's values must not end the loop.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            thrown = exception;
            return reader.Fail(DecodeStatus.InvalidValue);
        }
    }

    protected override void Complete()
    {
        if (Error is null)
        {
            _completion.TrySetResult(_response!);
        }
        else if (Error.Code == ErrorCode.Cancelled && Cancellation.IsCancellationRequested)
        {
            _completion.TrySetCanceled(Cancellation);
        }
        else
        {
            _completion.TrySetException(Error);
        }
    }
}

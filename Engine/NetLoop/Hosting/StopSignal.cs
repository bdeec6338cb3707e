using System.Runtime.InteropServices;

namespace NetLoop;

/// <summary>
/// Turns Ctrl+C, SIGTERM and the end of the terminal (SIGHUP) into tokens: the first signal requests a stop, a second one aborts, and a third ends
/// the process.
/// </summary>
/// <remarks>
/// Thread: any. Until this object is disposed, the first two signals do not end the process by themselves; a third one does, even if code is still running or
/// blocked. Signals that the process was started to ignore, as <c>nohup</c> does with SIGHUP, stay ignored. SIGQUIT is not handled. The runtime reports Ctrl+C
/// and SIGTERM on a thread of its own, so both work while every thread of the pool is blocked, and the second signal works while callbacks of the first are
/// still running; SIGHUP is reported on the thread pool.
/// </remarks>
public sealed class StopSignal : IDisposable
{
    private const int FirstThatEndsTheProcess = 3;

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;
    private bool _isDisposed;

    /// <summary>Starts listening for the signals.</summary>
    public StopSignal()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal));
    }

    /// <summary>Cancelled by the first signal, to stop gracefully.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Cancelled by the second signal, to end at once.</summary>
    public CancellationToken AbortToken => _abort.Token;

    /// <summary>Requests the stop, as the first signal does.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
        _abort.Dispose();
    }

    internal void OnSignal(PosixSignalContext context)
    {
        int number = Interlocked.Increment(ref _signals);
        if (number >= FirstThatEndsTheProcess)
        {
            return; // Not handled, so the default action of the system follows.
        }

        context.Cancel = true;
        if (Volatile.Read(ref _isDisposed))
        {
            return; // It arrived while the program was ending anyway.
        }

        try
        {
            // No lock: callbacks of the first cancellation may block, and the second signal must work meanwhile.
            bool isFirst = number == 1 && !_stop.IsCancellationRequested;
            (isFirst ? _stop : _abort).Cancel();
        }
        catch (ObjectDisposedException)
        {
            // As above.
        }
    }
}

using System.Runtime.InteropServices;

namespace NetLoop;

/// <summary>
/// Ctrl+C, SIGTERM and the end of the terminal (SIGHUP) as tokens: the first signal asks for a stop, a second one aborts, a third ends the
/// process.
/// </summary>
/// <remarks>
/// Thread: any. While it lives, the first two signals do not end the process by themselves; a third does, whatever still runs or blocks.
/// One that the process was started to ignore, as <c>nohup</c> does with SIGHUP, stays ignored. SIGQUIT is left alone. The runtime calls
/// back on a thread of its own for Ctrl+C and SIGTERM, so both work while every thread of the pool is blocked, and the second while what
/// the first has started still runs; SIGHUP comes by way of the pool.
/// </remarks>
public sealed class StopSignal : IDisposable
{
    private const int FirstThatEndsTheProcess = 3;

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;
    private bool _isDisposed;

    /// <summary>Begins to listen for the signals.</summary>
    public StopSignal()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal));
    }

    /// <summary>Cancelled by the first signal: stop in order.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Cancelled by the second signal: end at once.</summary>
    public CancellationToken AbortToken => _abort.Token;

    /// <summary>Asks for the stop as a signal would.</summary>
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
            return; // Not cancelled: the system does what it does without us.
        }

        context.Cancel = true;
        if (Volatile.Read(ref _isDisposed))
        {
            return; // It arrived while the program was ending anyway.
        }

        try
        {
            // Without a lock: what the first cancellation calls may block, and the second signal is there for that.
            bool isFirst = number == 1 && !_stop.IsCancellationRequested;
            (isFirst ? _stop : _abort).Cancel();
        }
        catch (ObjectDisposedException)
        {
            // As above.
        }
    }
}

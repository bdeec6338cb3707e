using System.Runtime.InteropServices;

namespace NetLoop;

/// <summary>Ctrl+C and SIGTERM as tokens: the first one asks for a stop, a second one aborts.</summary>
/// <remarks>Thread: any. While it lives, the signals do not end the process by themselves.</remarks>
public sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _lock = new();
    private bool _isDisposed;

    /// <summary>Begins to listen for the signals.</summary>
    public StopSignal()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
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
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        lock (_lock)
        {
            _isDisposed = true;
            _stop.Dispose();
            _abort.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return; // It arrived while the program was ending anyway.
            }

            (_stop.IsCancellationRequested ? _abort : _stop).Cancel();
        }
    }
}

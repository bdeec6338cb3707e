#pragma warning disable CA1031 // Whatever makes new files unusable: the former certificate stays in use, and the log says why.

using NetLoop.Diagnostics;
using NetLoop.Hosting.Loop;
using NetLoop.Time;
using NetLoop.Transports.Tls;

namespace NetLoop.Hosting.Server;

/// <summary>Checks a listener's certificate files regularly, on the thread pool, and applies new ones.</summary>
/// <remarks>Thread: loop, except for the check itself.</remarks>
internal sealed class CertificateReload : ITimerTarget, IThreadPoolWorkItem
{
    private readonly LoopCore _core;
    private readonly TlsServer _tls;
    private readonly string _listener;
    private TimerHandle _timer;

    /// <param name="core">The loop whose timer it uses.</param>
    /// <param name="tls">Holds the certificates.</param>
    /// <param name="listener">For log lines.</param>
    public CertificateReload(LoopCore core, TlsServer tls, string listener)
    {
        _core = core;
        _tls = tls;
        _listener = listener;
        Schedule();
    }

    /// <summary>Stops the checks.</summary>
    public void Stop() => _core.Transport.Timers.Cancel(_timer);

    void ITimerTarget.OnTimer()
    {
        _core.Workers.Start(this);
        Schedule();
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            if (_tls.ReloadIfChanged())
            {
                HostingLog.CertificateReloaded(_core.ServerLogger, _listener);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            HostingLog.CertificateNotReloaded(_core.ServerLogger, _listener, EscapedText.From(exception.Message));
        }
    }

    private void Schedule() => _timer = _core.Transport.Timers.Schedule(_core.Clock.PeerTime + _tls.ReloadInterval, this);
}

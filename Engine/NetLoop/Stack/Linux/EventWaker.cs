using Microsoft.Win32.SafeHandles;
using NetLoop.Diagnostics;

namespace NetLoop.Stack.Linux;

/// <summary>Ends the wait of a poller from another thread, through an eventfd.</summary>
/// <remarks>
/// Thread: <see cref="Wake"/> any, the rest the thread of the poller. The flag makes many wakes cost one system call; the safe handle keeps
/// a wake that is late from writing into a descriptor that was closed and belongs to somebody else by now.
/// </remarks>
internal sealed unsafe class EventWaker : IDisposable
{
    private readonly SafeFileHandle _event;
    private int _pending;

    public EventWaker()
    {
        Descriptor = Libc.EventFd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        if (Descriptor < 0)
        {
            throw new IOException($"No eventfd for the poller: {Errno.ToStatus(Libc.LastError)}.");
        }

        _event = new SafeFileHandle(Descriptor, ownsHandle: true);
    }

    /// <summary>Readable from a wake until <see cref="Drain"/>.</summary>
    public int Descriptor { get; }

    public void Wake()
    {
        if (Interlocked.Exchange(ref _pending, 1) != 0)
        {
            return;
        }

        bool held = false;
        try
        {
            _event.DangerousAddRef(ref held);
            ulong one = 1;
            _ = Libc.Write(Descriptor, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The poller is gone; there is no wait to end.
        }
        finally
        {
            if (held)
            {
                _event.DangerousRelease();
            }
        }
    }

    /// <summary>Makes ready for the next wake. To be called when a wait saw the descriptor readable.</summary>
    public void Drain()
    {
        ulong count;
        _ = Libc.Read(Descriptor, &count, sizeof(ulong));

        // Exchanged after the read, so that a wake between the two is part of the wait that ends now, and so that what the waker wrote
        // before its own exchange is visible to whoever returns from this wait.
        int pending = Interlocked.Exchange(ref _pending, 0);
        Invariant.Holds(pending == 1);
    }

    public void Dispose() => _event.Dispose();
}

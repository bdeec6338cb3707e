using Microsoft.Win32.SafeHandles;

namespace NetLoop.Stack.Linux;

/// <summary>Ends the wait of a poller from another thread, through an eventfd.</summary>
/// <remarks>
/// Thread: <see cref="Wake"/> any, the others the poller's. Each wake is a system call, so callers that wake often should keep a flag. The safe handle keeps
/// a late wake from writing to a descriptor that was closed and has been reused.
/// </remarks>
internal sealed unsafe class EventWaker : IDisposable
{
    private readonly SafeFileHandle _event;

    public EventWaker()
    {
        Descriptor = Libc.EventFd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        if (Descriptor < 0)
        {
            throw new IOException($"Cannot create an eventfd for the poller: {Errno.ToStatus(Libc.LastError)}.");
        }

        _event = new SafeFileHandle(Descriptor, ownsHandle: true);
    }

    /// <summary>Readable from a wake until <see cref="Drain"/>.</summary>
    public int Descriptor { get; }

    public void Wake()
    {
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

    /// <summary>Resets all wakes so far. Call this when a wait reported the descriptor as readable.</summary>
    public void Drain()
    {
        ulong count;
        _ = Libc.Read(Descriptor, &count, sizeof(ulong));
    }

    public void Dispose() => _event.Dispose();
}

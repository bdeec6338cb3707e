using Microsoft.Win32.SafeHandles;

namespace NetLoop.Stack.Linux;

/// <summary>Ends the wait of a poller from another thread, through an eventfd.</summary>
/// <remarks>
/// Thread: <see cref="Wake"/> any, the rest the thread of the poller. Each wake is a system call: who wakes often keeps a flag of its own. The safe handle
/// keeps a late wake from writing into a descriptor that was closed and belongs to somebody else by now.
/// </remarks>
internal sealed unsafe class EventWaker : IDisposable
{
    private readonly SafeFileHandle _event;

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

    /// <summary>Ends all wakes so far. To be called when a wait saw the descriptor readable.</summary>
    public void Drain()
    {
        ulong count;
        _ = Libc.Read(Descriptor, &count, sizeof(ulong));
    }

    public void Dispose() => _event.Dispose();
}

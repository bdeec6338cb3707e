namespace NetLoop.Transports.Tls;

/// <summary>Lets continuations run on the calling thread for the time of a call, where a synchronization context would post them elsewhere.</summary>
internal readonly ref struct InlineContinuations
{
    private readonly SynchronizationContext? _context;

    private InlineContinuations(SynchronizationContext? context) => _context = context;

    public static InlineContinuations Begin()
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        if (context is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        return new InlineContinuations(context);
    }

    public void Dispose()
    {
        if (_context is not null)
        {
            SynchronizationContext.SetSynchronizationContext(_context);
        }
    }
}

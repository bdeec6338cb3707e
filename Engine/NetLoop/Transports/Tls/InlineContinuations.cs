namespace NetLoop.Transports.Tls;

/// <summary>For the time of a call, tasks that complete continue on the calling thread: with a synchronization context they would be sent elsewhere.</summary>
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

#pragma warning disable CA1031 // Application code runs here: an exception must not end the loop.

using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop.Hosting.Loop;

/// <summary>Continues a handler after an await where handlers run, through the inbox like all other work.</summary>
internal sealed class LoopSynchronizationContext(LoopServices services) : SynchronizationContext, ICommandTarget
{
    private const int CommandPost = 0;

    private FaultLimiter _faultLines;

    public override void Post(SendOrPostCallback d, object? state)
    {
        var work = new WorkEnvelope(this, d, state);
        if (services.IsLoopThread)
        {
            services.Inbox.Add(work);
        }
        else if (!services.CommandQueue.Write(new LoopCommand(this, CommandPost, work)))
        {
            // The loop has ended. A continuation must not be lost, or its task never completes.
            try
            {
                ThreadPool.QueueUserWorkItem(static work => work.Deliver(), work, preferLocal: false);
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                // The pool has queued it but has no thread. Run it here; it runs only once.
                work.Deliver();
            }
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A loop does not wait for other threads; use Post.");

    public override SynchronizationContext CreateCopy() => this;

    void ICommandTarget.OnCommand(in LoopCommand item) => services.Inbox.Add((WorkEnvelope)item.State!);

    /// <summary>Runs a continuation. An exception comes from the rest of an <c>async void</c> method, such as a lambda given to OnTick or OnOpened.</summary>
    private void Run(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            if (_faultLines.TryEnter(ref services.Transport.Counters.HandlerFaults, services.Transport.Clock.ReadPrecise(), out long suppressed))
            {
                HostingLog.ContinuationFailed(services.HandlerLogger, suppressed, exception);
            }
        }
    }

    private sealed class WorkEnvelope(LoopSynchronizationContext context, SendOrPostCallback callback, object? state) : Envelope
    {
        private int _isDelivered;

        public override string HandlerName => "continuation";

        public override void Deliver()
        {
            if (Interlocked.Exchange(ref _isDelivered, 1) == 0)
            {
                context.Run(callback, state);
            }
        }

        public override void Discard() => Deliver();
    }
}

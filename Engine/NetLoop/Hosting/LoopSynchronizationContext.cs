using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop.Hosting;

/// <summary>Brings what follows an await in a handler back to where handlers run, through the inbox like everything else.</summary>
internal sealed class LoopSynchronizationContext(SessionServices services) : SynchronizationContext, IOutboxTarget
{
    private const int OutboxPost = 0;

    public override void Post(SendOrPostCallback d, object? state)
    {
        var work = new WorkEnvelope(d, state);
        if (services.IsLoopThread)
        {
            services.Inbox.Add(work);
        }
        else if (!services.Outbox.Write(new OutboxItem(this, OutboxPost, default, 0, work)))
        {
            // The loop has ended. A continuation must not be lost, or its task never completes.
            ThreadPool.QueueUserWorkItem(static work => work.Deliver(), work, preferLocal: false);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A loop does not wait for other threads; use Post.");

    public override SynchronizationContext CreateCopy() => this;

    void IOutboxTarget.OnOutbox(in OutboxItem item) => services.Inbox.Add((WorkEnvelope)item.State!);

    private sealed class WorkEnvelope(SendOrPostCallback callback, object? state) : Envelope
    {
        public override string HandlerName => "continuation";

        public override void Deliver() => callback(state);

        public override void Discard() => callback(state);
    }
}

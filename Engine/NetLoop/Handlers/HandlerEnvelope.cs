using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop.Handlers;

/// <summary>A decoded message on its way to its handler.</summary>
internal abstract class HandlerEnvelope : Envelope
{
    public abstract HandlerEntry Entry { get; }

    public sealed override string HandlerName => Entry.Name;

    public Session Session { get; set; } = null!;

    public sealed override void Deliver()
    {
        if (Entry.Offload is null)
        {
            Run();
            Recycle();
        }
        else
        {
            Entry.Offload.Add(this, Session.Services.Workers);
        }
    }

    public sealed override void Discard()
    {
        Entry.Offload?.Release();
        if (Session is { } session && Entry.IsPending)
        {
            session.HandlerEnded();
        }

        Recycle();
    }

    /// <summary>Runs on a worker, then gives the place in the offload queue back.</summary>
    public void RunOffloaded()
    {
        Session session = Session;
        OffloadQueue offload = Entry.Offload!;
        Run();
        Recycle();
        bool isAsync = Entry.IsAsync;
        offload.Release();
        if (!isAsync)
        {
            session.HandlerEnded(); // An asynchronous one says so itself, when it is done.
        }
    }

    /// <summary>Calls the handler.</summary>
    protected abstract void Invoke();

    /// <summary>Returns the envelope to its pool.</summary>
    protected abstract void Recycle();

    private void Run()
    {
        if (Session.IsFaulted)
        {
            // Its state may be half changed; nothing of it reaches a handler any more.
            if (Entry.IsAsync)
            {
                Session.HandlerEnded();
            }

            return;
        }

        if (Session.Limiter is { LimitsHandlerTime: true } limiter)
        {
            RunTimed(limiter);
        }
        else
        {
            Invoke();
        }
    }

    private void RunTimed(RateLimiter limiter)
    {
        long begin = Session.Services.Transport.Clock.ReadPrecise();
        Invoke();
        long end = Session.Services.Transport.Clock.ReadPrecise();
        if (!limiter.TryTakeHandlerTime(end - begin, end))
        {
            Session.Close(CloseReason.RateLimited, "Its messages take more handler time than the server allows.");
        }
    }
}

/// <summary>A decoded <typeparamref name="T"/> on its way to its handler.</summary>
internal sealed class HandlerEnvelope<T>(HandlerEntry<T> entry) : HandlerEnvelope
    where T : INetMessage<T>
{
    /// <summary>The message; a field, because it is decoded in place.</summary>
    public T? Message;

    public override HandlerEntry Entry => entry;

    /// <summary>The request's number; 0 for a message.</summary>
    public uint RequestId { get; set; }

    protected override void Invoke() => entry.Invoke(Session, RequestId, in Message!);

    protected override void Recycle()
    {
        Session = null!;
        Message = default;
        entry.Recycle(this);
    }
}

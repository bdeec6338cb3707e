using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop.Handlers;

/// <summary>Decoded messages on their way to one handler.</summary>
internal abstract class HandlerEnvelope : Envelope
{
    public abstract HandlerEntry Entry { get; }

    public sealed override string HandlerName => Entry.Name;

    public sealed override void Deliver()
    {
        if (Entry.Offload is null)
        {
            Run();
            Recycle();
        }
        else
        {
            Entry.Offload.Add(this, Workers);
        }
    }

    /// <summary>What starts a worker of the loop that the messages came from.</summary>
    protected abstract Action<IThreadPoolWorkItem> Workers { get; }

    /// <summary>Runs on a worker, then gives the place in the offload queue back.</summary>
    public abstract void RunOffloaded();

    /// <summary>Calls the handler for each message.</summary>
    protected abstract void Run();

    /// <summary>Returns the envelope to its pool.</summary>
    protected abstract void Recycle();
}

/// <summary>Decoded <typeparamref name="T"/> on their way to their handler: one, or a run of those that arrived one behind the other.</summary>
/// <remarks>A run costs one object, one place in the batch and one call for all its messages, and each message a place in an array.</remarks>
internal sealed class HandlerEnvelope<T> : HandlerEnvelope
    where T : INetMessage<T>
{
    private const int FirstCapacity = 4;

    private readonly HandlerEntry<T> _entry;
    private Item[] _items = new Item[FirstCapacity];

    public HandlerEnvelope(HandlerEntry<T> entry)
    {
        _entry = entry;
        Messages = 0;
    }

    public override HandlerEntry Entry => _entry;

    protected override Action<IThreadPoolWorkItem> Workers => _items[0].Session.Services.Workers;

    /// <summary>Where the next message is to be decoded; it is added by <see cref="Added"/>, or else forgotten.</summary>
    public ref T Next
    {
        get
        {
            if (Messages == _items.Length)
            {
                Array.Resize(ref _items, 4 * Messages);
            }

            return ref _items[Messages].Message;
        }
    }

    /// <summary>Takes in the message that was decoded into <see cref="Next"/>.</summary>
    public void Added(Session session, uint requestId, int bodyBytes)
    {
        ref Item item = ref _items[Messages++];
        item.Session = session;
        item.RequestId = requestId;
        ChargedBytes += bodyBytes;
    }

    public override void Discard()
    {
        foreach (ref readonly Item item in _items.AsSpan(0, Messages))
        {
            _entry.Offload?.Release();
            if (_entry.IsPending)
            {
                item.Session.HandlerEnded();
            }
        }

        Recycle();
    }

    public override void RunOffloaded()
    {
        Session session = _items[0].Session;
        Run();
        Recycle();
        _entry.Offload!.Release();
        if (!_entry.IsAsync)
        {
            session.HandlerEnded(); // An asynchronous one says so itself, when it is done.
        }
    }

    protected override void Run()
    {
        foreach (ref readonly Item item in _items.AsSpan(0, Messages))
        {
            Session session = item.Session;
            if (session.IsFaulted)
            {
                // Its state may be half changed; nothing of it reaches a handler any more.
                if (_entry.IsAsync)
                {
                    session.HandlerEnded();
                }
            }
            else if (session.Limiter is { LimitsHandlerTime: true } limiter)
            {
                RunTimed(in item, limiter);
            }
            else
            {
                _entry.Invoke(session, item.RequestId, in item.Message);
            }
        }
    }

    protected override void Recycle()
    {
        Array.Clear(_items, 0, Messages);
        Messages = 0;
        ChargedBytes = 0;
        _entry.Recycle(this);
    }

    private void RunTimed(in Item item, RateLimiter limiter)
    {
        long begin = item.Session.Services.Transport.Clock.ReadPrecise();
        _entry.Invoke(item.Session, item.RequestId, in item.Message);
        long end = item.Session.Services.Transport.Clock.ReadPrecise();
        if (!limiter.TryTakeHandlerTime(end - begin, end))
        {
            item.Session.Close(CloseReason.RateLimited, "Its messages take more handler time than the server allows.");
        }
    }

    private struct Item
    {
        public Session Session;

        /// <summary>The request's number; 0 for a message.</summary>
        public uint RequestId;
        public T Message;
    }
}

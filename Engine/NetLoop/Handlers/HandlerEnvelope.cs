using NetLoop.Messaging;
using NetLoop.Sessions.Limits;
using NetLoop.Time;

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

    /// <summary>Starts a worker of the loop that the messages came from.</summary>
    protected abstract Action<IThreadPoolWorkItem> Workers { get; }

    /// <summary>Runs on a worker, then frees the slot in the offload queue.</summary>
    public abstract void RunOffloaded();

    /// <summary>Calls the handler for each message.</summary>
    protected abstract void Run();

    /// <summary>Returns the envelope to its pool.</summary>
    protected abstract void Recycle();
}

/// <summary>Decoded <typeparamref name="T"/> on their way to their handler: one, or several that arrived in sequence.</summary>
/// <remarks>All messages of a run share one object, one slot of the batch and one call; each session and each message adds only an array element.</remarks>
internal sealed class HandlerEnvelope<T> : HandlerEnvelope
    where T : INetMessage<T>
{
    private const int FirstCapacity = 4;

    private readonly HandlerEntry<T> _entry;
    private T[] _messages = new T[FirstCapacity];
    private Stretch[] _stretches = new Stretch[FirstCapacity];
    private int _stretchCount;

    // One for each stretch; null until the first request with a trace context.
    private RemoteTrace?[]? _traces;

    public HandlerEnvelope(HandlerEntry<T> entry)
    {
        _entry = entry;
        Messages = 0;
    }

    public override HandlerEntry Entry => _entry;

    protected override Action<IThreadPoolWorkItem> Workers => _stretches[0].Session.Services.Workers;

    private ReadOnlySpan<Stretch> Stretches => _stretches.AsSpan(0, _stretchCount);

    /// <summary>
    /// The place to decode the next message into. <see cref="Added"/> or <see cref="Extended"/> then adds the message; otherwise it is dropped.
    /// </summary>
    public ref T Next
    {
        get
        {
            if (Messages == _messages.Length)
            {
                Array.Resize(ref _messages, 4 * Messages);
            }

            return ref _messages[Messages];
        }
    }

    /// <summary>Adds the message that was decoded into <see cref="Next"/>.</summary>
    public void Added(Session session, uint requestId, long heldBytes)
    {
        if (_stretchCount == _stretches.Length)
        {
            Array.Resize(ref _stretches, 4 * _stretchCount);
        }

        _stretches[_stretchCount++] = new Stretch { Session = session, RequestId = requestId, HeldBytes = heldBytes };
        Extended(heldBytes);
    }

    /// <summary>Keeps the trace context of the request that was added last.</summary>
    public void Traced(RemoteTrace trace)
    {
        if (_traces is null || _traces.Length < _stretches.Length)
        {
            Array.Resize(ref _traces, _stretches.Length);
        }

        _traces[_stretchCount - 1] = trace;
    }

    /// <summary>Adds the message that was decoded into <see cref="Next"/>; it is from the same session as the previous one.</summary>
    /// <param name="heldBytes">The memory of the message.</param>
    public void Extended(long heldBytes)
    {
        Messages++;
        _stretches[_stretchCount - 1].Messages++;
        ChargedBytes += heldBytes;
    }

    public override void Discard()
    {
        foreach (ref readonly Stretch stretch in Stretches)
        {
            for (int i = 0; i < stretch.Messages; i++)
            {
                _entry.Offload?.Release();
                if (_entry.IsPending)
                {
                    stretch.Session.HandlerEnded(stretch.HeldBytes);
                }
            }
        }

        Recycle();
    }

    public override void RunOffloaded()
    {
        Session session = _stretches[0].Session;
        long heldBytes = _stretches[0].HeldBytes;
        Run();
        Recycle();
        _entry.Offload!.Release();
        if (!_entry.IsAsync)
        {
            session.HandlerEnded(heldBytes); // An asynchronous handler reports its end itself.
        }
    }

    protected override void Run()
    {
        int first = 0;
        for (int i = 0; i < _stretchCount; i++)
        {
            ref readonly Stretch stretch = ref _stretches[i];
            RemoteTrace? trace = _traces is null || i >= _traces.Length ? null : _traces[i];
            ReadOnlySpan<T> messages = _messages.AsSpan(first, stretch.Messages);
            first += stretch.Messages;
            if (stretch.Session.Limiter is { LimitsHandlerTime: true } limiter)
            {
                RunTimed(in stretch, messages, limiter, trace);
            }
            else
            {
                _entry.InvokeAll(stretch.Session, stretch.RequestId, messages, stretch.HeldBytes, trace);
            }
        }
    }

    protected override void Recycle()
    {
        Array.Clear(_messages, 0, Messages);
        Array.Clear(_stretches, 0, _stretchCount);
        if (_traces is not null)
        {
            Array.Clear(_traces);
        }

        _stretchCount = 0;
        Messages = 0;
        ChargedBytes = 0;
        _entry.Recycle(this);
    }

    private void RunTimed(in Stretch stretch, ReadOnlySpan<T> messages, RateLimiter limiter, RemoteTrace? trace)
    {
        LoopClock clock = stretch.Session.Services.Transport.Clock;
        for (int i = 0; i < messages.Length; i++)
        {
            long begin = clock.ReadPrecise();
            _entry.InvokeAll(stretch.Session, stretch.RequestId, messages.Slice(i, 1), stretch.HeldBytes, trace);
            long end = clock.ReadPrecise();
            if (!limiter.TryTakeHandlerTime(end - begin, end))
            {
                stretch.Session.Close(CloseReason.RateLimited, "Its messages take more handler time than the server allows.");
            }
        }
    }

    /// <summary>Successive messages of one session, or one request.</summary>
    private struct Stretch
    {
        public Session Session;

        /// <summary>The request's number; 0 for messages.</summary>
        public uint RequestId;
        public int Messages;

        /// <summary>The memory of the first message. For asynchronous handlers, each message has its own stretch.</summary>
        public long HeldBytes;
    }
}

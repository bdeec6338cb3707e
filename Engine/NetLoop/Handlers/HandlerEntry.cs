using System.Runtime.CompilerServices;
using Microsoft.Extensions.ObjectPool;
using NetLoop.Buffers;
using NetLoop.Framing;
using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop.Handlers;

/// <summary>One registered handler. Decodes its messages on the loop; the handler is called where handlers run.</summary>
internal abstract class HandlerEntry(string name, OffloadQueue? offload, bool isAsync)
{
    /// <summary>The message's type name, for logs and the report of a late tick.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a call may continue after it returned.</summary>
    public bool IsAsync { get; } = isAsync;

    /// <summary>The queue in which its calls run; null to run them in the pump.</summary>
    public OffloadQueue? Offload { get; } = offload;

    /// <summary>Whether its calls count among the session's pending handlers, from the message's arrival to the call's end.</summary>
    public bool IsPending => IsAsync || Offload is not null;

    /// <summary>Whether it responds to requests.</summary>
    public virtual bool IsRequest => false;

    /// <summary>The entry without filters.</summary>
    public virtual HandlerEntry Unfiltered => this;

    /// <summary>Returns an entry that runs the matching filters around this handler, or this entry if none match.</summary>
    public abstract HandlerEntry Filtered(ReadOnlySpan<MessageFilter> filters);

    /// <summary>Decodes a payload and adds it to the inbox, in a new envelope or in that of the previous message. Thread: loop.</summary>
    public abstract DispatchVerdict Dispatch(Session session, uint requestId, ref NetReader payload, int bodyBytes, RemoteTrace? trace);

    /// <summary>As <see cref="Dispatch"/>, for a message and the messages of the same type that arrived directly after it. Thread: loop.</summary>
    public abstract DispatchVerdict DispatchMessages(Session session, ref NetReader payload, ref BodyBatch bodies);
}

/// <summary>A handler of <typeparamref name="T"/>.</summary>
internal abstract class HandlerEntry<T> : HandlerEntry
    where T : INetMessage<T>
{
    /// <summary>The capacity of the default inbox: a loop never has more envelopes in use.</summary>
    private const int MaxPooledEnvelopes = 1024;

    /// <summary>Maximum number of messages in one envelope: enough to spread the cost of the envelope, few enough to stay in the L1 cache.</summary>
    private const int MaxRun = 16;

    private readonly ObjectPool<HandlerEnvelope<T>> _envelopes;
    private readonly int _maxRun;

    protected HandlerEntry(HandlerTable table, OffloadQueue? offload, bool isAsync)
        : base(T.MessageName, offload, isAsync)
    {
        Table = table;
        _envelopes = new DefaultObjectPool<HandlerEnvelope<T>>(new EnvelopePolicy(this), MaxPooledEnvelopes);

        // Each call of an offloaded handler takes its own slot, and may run at the same time as others.
        _maxRun = offload is null ? MaxRun : 1;
    }

    protected HandlerTable Table { get; }

    public sealed override HandlerEntry Filtered(ReadOnlySpan<MessageFilter> filters)
    {
        var own = new List<HandlerFilter<T>>();
        foreach (MessageFilter filter in filters)
        {
            if (filter.For<T>() is { } one)
            {
                own.Add(one);
            }
        }

        return own.Count == 0 ? this : new FilteredEntry<T>(Table, this, [.. own]);
    }

    /// <summary>Calls the filters and then the handler. The response of a request goes to the call object, which sends it when the filters are done.</summary>
    public abstract ValueTask CallAsync(FilteredCall<T> call);

    public sealed override DispatchVerdict Dispatch(Session session, uint requestId, ref NetReader payload, int bodyBytes, RemoteTrace? trace)
    {
        if (Offload is not null && !Offload.TryReserve())
        {
            return DispatchVerdict.Busy;
        }

        Inbox inbox = session.Services.Inbox;
        HandlerEnvelope<T>? last = inbox.Last is HandlerEnvelope<T> open && open.Entry == this && open.Messages < _maxRun ? open : null;
        HandlerEnvelope<T> envelope = last ?? _envelopes.Get();
        payload.Lender = IsPending ? null : session.Services.Lender;
        if (!TryDecode(session, ref payload, out envelope.Next) || payload.Remaining != 0)
        {
            envelope.Next = default!;
            if (last is null)
            {
                Recycle(envelope);
            }

            Offload?.Release();
            return DispatchVerdict.Malformed;
        }

        long heldBytes = HeldBytes(bodyBytes, in payload);
        if (IsPending)
        {
            session.HandlerStarted(heldBytes);
        }

        envelope.Added(session, requestId, heldBytes);
        if (trace is not null)
        {
            envelope.Traced(trace);
        }

        if (last is null)
        {
            inbox.Add(envelope);
        }
        else
        {
            inbox.Extended(1, heldBytes);
        }

        return DispatchVerdict.Accepted;
    }

    public sealed override DispatchVerdict DispatchMessages(Session session, ref NetReader payload, ref BodyBatch bodies)
    {
        ReadOnlySpan<byte> header = bodies.First[..payload.Position];
        DispatchVerdict verdict = Dispatch(session, 0, ref payload, bodies.First.Length, trace: null);
        if (verdict == DispatchVerdict.Accepted && !IsPending && session.Limiter is null)
        {
            DispatchAlike(session, header, ref bodies);
        }

        return verdict;
    }

    /// <summary>
    /// Calls the handler for messages of one session, oldest first, and handles its exceptions. Stops when an exception closes the session. Thread: where
    /// handlers run.
    /// </summary>
    public abstract void InvokeAll(Session session, uint requestId, ReadOnlySpan<T> messages, long heldBytes, RemoteTrace? trace);

    /// <summary>
    /// Decodes the messages after a message into the same envelope while their headers are equal, so that checks and look-ups are done once for all. A
    /// message that cannot be decoded is left for its own call, which reports the error.
    /// </summary>
    private void DispatchAlike(Session session, ReadOnlySpan<byte> header, ref BodyBatch bodies)
    {
        Inbox inbox = session.Services.Inbox;
        if (inbox.Last is not HandlerEnvelope<T> envelope)
        {
            return; // The batch was full with the first message and has been sent on.
        }

        DecodeLimits limits = session.Profile.Options.DecodeLimits;
        ReceiveScratch? lender = session.Services.Lender;
        int before = envelope.Messages;
        int until = Math.Min(_maxRun, before + inbox.RoomInBatch);
        long room = inbox.FreeBytes;
        long bytes = 0;
        while (envelope.Messages < until && bytes < room && bodies.TryPeekNext(out ReadOnlySpan<byte> body) && body.StartsWith(header))
        {
            var payload = new NetReader(body[header.Length..], limits) { Lender = lender };
            if (!TryDecode(session, ref payload, out envelope.Next) || payload.Remaining != 0)
            {
                envelope.Next = default!;
                break;
            }

            long heldBytes = HeldBytes(body.Length, in payload);
            envelope.Extended(heldBytes);
            bytes += heldBytes;
            bodies.TakeNext();
        }

        if (bytes > 0)
        {
            inbox.Extended(envelope.Messages - before, bytes);
        }
    }

    // A message may be short on the wire and large as an object, or the reverse.
    private static long HeldBytes(int bodyBytes, ref readonly NetReader payload) => Math.Max(bodyBytes, Unsafe.SizeOf<T>() + payload.ChargedBytes);

    private bool TryDecode(Session session, ref NetReader payload, out T message)
    {
        try
        {
            return T.TryRead(ref payload, out message!);
        }
#pragma warning disable CA1031 // A constructor or setter of an application type: an exception caused by a peer's values must not end the loop.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Table.OnFault(Name, session, exception, closesSession: false);
            message = default!;
            return payload.Fail(DecodeStatus.InvalidValue);
        }
    }

    public void Recycle(HandlerEnvelope<T> envelope) => _envelopes.Return(envelope);

    private sealed class EnvelopePolicy(HandlerEntry<T> entry) : PooledObjectPolicy<HandlerEnvelope<T>>
    {
        public override HandlerEnvelope<T> Create() => new(entry);

        public override bool Return(HandlerEnvelope<T> obj) => true;
    }
}

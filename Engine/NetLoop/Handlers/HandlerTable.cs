using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Handlers;
using NetLoop.Sessions;

namespace NetLoop;

/// <summary>Maps message types to handlers. A server has one table; clients may share one.</summary>
/// <remarks>
/// Thread: register from one thread at a time, before or while sessions are open; a new handler applies from the next body that arrives.
/// The messages of one session are handled in the order in which they were sent.
/// </remarks>
public sealed class HandlerTable : IDispatcher
{
    private readonly EventHandlers<Action<Session>> _opened;
    private readonly EventHandlers<Action<Session, CloseInfo>> _closed;
    private HandlerEntry?[] _messages = new HandlerEntry?[256];
    private HandlerEntry?[] _requests = new HandlerEntry?[256];
    private FaultLimiter _faultLines;

    /// <summary>Creates an empty table.</summary>
    public HandlerTable()
        : this(new EventHandlers<Action<Session>>(), new EventHandlers<Action<Session, CloseInfo>>())
    {
    }

    private HandlerTable(EventHandlers<Action<Session>> opened, EventHandlers<Action<Session, CloseInfo>> closed)
    {
        _opened = opened;
        _closed = closed;
    }

    /// <summary>What happens when a message handler throws.</summary>
    public HandlerFaultPolicy FaultPolicy { get; set; } = HandlerFaultPolicy.CloseSession;

    internal RawHandler? RawHandler { get; private init; }

    /// <summary>Registers a handler for messages of type <typeparamref name="T"/>.</summary>
    /// <param name="handler">Receives the session and the message. It may keep the message, which is not reused.</param>
    /// <param name="offload">Options to run the handler on worker threads instead of the loop; null to run it where handlers run.</param>
    /// <exception cref="InvalidOperationException">Messages of this type already have a handler.</exception>
    public HandlerTable On<T>(MessageHandler<T> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(ref _messages, T.MessageType, new MessageEntry<T>(this, handler, offload));
    }

    /// <summary>
    /// Registers an asynchronous handler for messages of type <typeparamref name="T"/>. Calls start in order; continuations after an <c>await</c> run where
    /// handlers run, between other calls.
    /// </summary>
    /// <exception cref="InvalidOperationException">Messages of this type already have a handler.</exception>
    public HandlerTable On<T>(Func<Session, T, ValueTask> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(ref _messages, T.MessageType, new AsyncMessageEntry<T>(this, handler, offload));
    }

    /// <summary>Registers a handler that responds to requests of type <typeparamref name="TRequest"/>.</summary>
    /// <param name="handler">Returns the response, or throws <see cref="RequestException"/>.</param>
    /// <param name="offload">Options to run the handler on worker threads instead of the loop; null to run it where handlers run.</param>
    /// <exception cref="InvalidOperationException">Requests of this type already have a handler.</exception>
    public HandlerTable OnRequest<TRequest, TResponse>(RequestHandler<TRequest, TResponse> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(ref _requests, TRequest.MessageType, new RequestEntry<TRequest, TResponse>(this, handler, offload));
    }

    /// <summary>Registers an asynchronous handler that responds to requests of type <typeparamref name="TRequest"/>.</summary>
    /// <exception cref="InvalidOperationException">Requests of this type already have a handler.</exception>
    public HandlerTable OnRequest<TRequest, TResponse>(Func<Session, TRequest, ValueTask<TResponse>> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(ref _requests, TRequest.MessageType, new AsyncRequestEntry<TRequest, TResponse>(this, handler, offload));
    }

    /// <summary>
    /// Registers a handler that is called for every session that opens, before its first message. Several handlers are called in turn, even if one
    /// throws; a handler that throws closes the session.
    /// </summary>
    public HandlerTable OnOpened(Action<Session> handler)
    {
        _opened.Add(handler);
        return this;
    }

    /// <summary>
    /// Registers a handler that is called for every open session that closes, after its last message. Several handlers are called in turn, even if
    /// one throws.
    /// </summary>
    public HandlerTable OnClosed(Action<Session, CloseInfo> handler)
    {
        _closed.Add(handler);
        return this;
    }

    /// <summary>Registers a module's handlers.</summary>
    public HandlerTable Use(IHandlerModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.Register(this);
        return this;
    }

    DispatchVerdict IDispatcher.DispatchMessage(Session session, int type, ref NetReader payload, ref BodyBatch bodies) =>
        Find(_messages, type)?.DispatchMessages(session, ref payload, ref bodies) ?? DispatchVerdict.Unknown;

    DispatchVerdict IDispatcher.DispatchRequest(Session session, uint id, int type, ref NetReader payload, int bodyBytes) =>
        Find(_requests, type)?.Dispatch(session, id, ref payload, bodyBytes) ?? DispatchVerdict.Unknown;

    bool IDispatcher.DispatchRaw(Session session, ReadOnlySpan<byte> body)
    {
        RawEnvelope? envelope = RawEnvelope.Create(this, session, body);
        if (envelope is null)
        {
            return false;
        }

        session.Services.Inbox.Add(envelope);
        return true;
    }

    void IDispatcher.DispatchOpened(Session session)
    {
        if (!_opened.IsEmpty)
        {
            session.Services.Inbox.Add(new OpenedEnvelope(this, session));
        }
    }

    void IDispatcher.DispatchEndOfInput(Session session) => session.Services.Inbox.Add(new EndOfInputEnvelope(session));

    void IDispatcher.DispatchClosed(Session session, CloseInfo info)
    {
        if (!_closed.IsEmpty)
        {
            session.Services.Inbox.Add(new ClosedEnvelope(this, session, info));
        }
    }

    /// <summary>Creates a table for a listener of a raw protocol: bodies go to one handler, events of sessions to this table.</summary>
    internal HandlerTable ForRaw(RawHandler handler) =>
        new(_opened, _closed) { RawHandler = handler, FaultPolicy = FaultPolicy };

    /// <summary>Calls the opened handlers. Thread: where handlers run.</summary>
    internal void RaiseOpened(Session session)
    {
        foreach (Action<Session> handler in _opened.All)
        {
            try
            {
                handler(session);
            }
#pragma warning disable CA1031 // Application code: whatever it throws costs its session, and no other handler.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                OnFault($"OnOpened, {EventHandlers<Action<Session>>.NameOf(handler)}", session, exception, closesSession: true);
            }
        }
    }

    /// <summary>Calls the closed handlers. Thread: where handlers run.</summary>
    internal void RaiseClosed(Session session, CloseInfo info)
    {
        foreach (Action<Session, CloseInfo> handler in _closed.All)
        {
            try
            {
                handler(session, info);
            }
#pragma warning disable CA1031 // Application code: whatever it throws costs no other handler.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                OnFault($"OnClosed, {EventHandlers<Action<Session, CloseInfo>>.NameOf(handler)}", session, exception, closesSession: false);
            }
        }
    }

    /// <summary>Called when a message handler threw. Thread: the one on which it ran.</summary>
    internal void OnMessageFault(HandlerEntry entry, Session session, Exception exception) =>
        OnFault(entry.Name, session, exception, FaultPolicy == HandlerFaultPolicy.CloseSession);

    /// <summary>Called when a request handler threw. Thread: the one on which it ran.</summary>
    internal void OnRequestFault(HandlerEntry entry, Session session, uint requestId, Exception exception)
    {
        if (exception is RequestException error)
        {
            session.RespondError(requestId, error.Code, error.Message);
            return;
        }

        OnFault(entry.Name, session, exception, closesSession: false);
        session.RespondError(requestId, ErrorCode.HandlerFailed, "The handler failed.");
    }

    /// <summary>Called when application code threw. Thread: the one on which it ran.</summary>
    internal void OnFault(string handler, Session session, Exception exception, bool closesSession)
    {
        LoopServices services = session.Services;
        // A peer that can make a handler throw must not be able to fill the disk with log lines.
        if (_faultLines.TryEnter(ref services.Transport.Counters.HandlerFaults, services.Transport.Clock.ReadPrecise(), out long suppressed))
        {
            HandlerLog.HandlerFailed(services.Logger, handler, session, suppressed, exception);
        }

        if (closesSession)
        {
            session.Close(CloseReason.HandlerFault, "A handler failed.");
        }
    }

    /// <summary>Number of slots that messages hold in the queues of offloaded handlers. Thread: any.</summary>
    internal int ReservedPlaces()
    {
        int reserved = 0;
        foreach (HandlerEntry? entry in _messages)
        {
            reserved += entry?.Offload?.Reserved ?? 0;
        }

        foreach (HandlerEntry? entry in _requests)
        {
            reserved += entry?.Offload?.Reserved ?? 0;
        }

        return reserved;
    }

    private static HandlerEntry? Find(HandlerEntry?[] entries, int type) => (uint)type < (uint)entries.Length ? entries[type] : null;

    private HandlerTable Add(ref HandlerEntry?[] entries, int type, HandlerEntry entry)
    {
        if (Find(entries, type) is { } existing)
        {
            throw new InvalidOperationException($"Type {type} has a handler already, for {existing.Name}; one type has one handler.");
        }

        // The loop reads while this writes: it sees the old array or the complete new one.
        HandlerEntry?[] changed = entries;
        if (type >= entries.Length)
        {
            changed = new HandlerEntry?[type + 1];
            entries.CopyTo(changed, 0);
        }

        Volatile.Write(ref changed[type], entry);
        Volatile.Write(ref entries, changed);
        return this;
    }
}

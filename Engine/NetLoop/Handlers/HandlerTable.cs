using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Handlers;
using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop;

/// <summary>Maps message types to handlers. A server has one table; clients may share one.</summary>
public sealed class HandlerTable : HandlerRegistry<HandlerTable>, IDispatcher
{
    /// <summary>Initial capacity in message types.</summary>
    private const int FirstTypes = 256;

    private readonly EventHandlers<Action<Session>> _opened;
    private readonly EventHandlers<Action<Session, CloseInfo>> _closed;
    private readonly List<HandlerTable> _views = [];
    private HandlerEntry?[] _messages = new HandlerEntry?[FirstTypes];
    private HandlerEntry?[] _requests = new HandlerEntry?[FirstTypes];
    private MessageFilter[] _filters = [];
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

    private protected override HandlerTable Table => this;

    DispatchVerdict IDispatcher.DispatchMessage(Session session, int type, ref NetReader payload, ref BodyBatch bodies) =>
        Find(_messages, type)?.DispatchMessages(session, ref payload, ref bodies) ?? DispatchVerdict.Unknown;

    DispatchVerdict IDispatcher.DispatchRequest(Session session, uint id, int type, ref NetReader payload, int bodyBytes, RemoteTrace? trace) =>
        Find(_requests, type)?.Dispatch(session, id, ref payload, bodyBytes, trace) ?? DispatchVerdict.Unknown;

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

    void IDispatcher.DispatchCancellation(Session session, CancellationTokenSource closed) =>
        session.Services.Inbox.Add(new CancellationEnvelope(this, session, closed));

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

    /// <summary>Creates a table for a listener with its own filters. Handlers and filters added to this table apply there too.</summary>
    internal HandlerTable ForFilters(MessageFilter[] filters)
    {
        var view = new HandlerTable(_opened, _closed) { _filters = filters };
        _views.Add(view);
        view.Refresh(this, isFilterNew: true);
        return view;
    }

    internal void AddMessage<T>(MessageHandler<T> handler, OffloadOptions? offload)
        where T : INetMessage<T> => Add(ref _messages, T.MessageType, new MessageEntry<T>(this, handler, OffloadQueue.For(offload)));

    internal void AddMessage<T>(Func<Session, T, ValueTask> handler, OffloadOptions? offload)
        where T : INetMessage<T> => Add(ref _messages, T.MessageType, new AsyncMessageEntry<T>(this, handler, OffloadQueue.For(offload)));

    internal void AddRequest<TRequest, TResponse>(RequestHandler<TRequest, TResponse> handler, OffloadOptions? offload)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse> =>
        Add(ref _requests, TRequest.MessageType, new RequestEntry<TRequest, TResponse>(this, handler, OffloadQueue.For(offload)));

    internal void AddRequest<TRequest, TResponse>(Func<Session, TRequest, ValueTask<TResponse>> handler, OffloadOptions? offload)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse> =>
        Add(ref _requests, TRequest.MessageType, new AsyncRequestEntry<TRequest, TResponse>(this, handler, OffloadQueue.For(offload)));

    internal void AddOpened(Action<Session> handler) => _opened.Add(handler);

    internal void AddClosed(Action<Session, CloseInfo> handler) => _closed.Add(handler);

    /// <summary>Adds a filter for handlers that are already registered and those registered later.</summary>
    internal void AddFilter(MessageFilter filter)
    {
        _filters = [.. _filters, filter];
        Refilter(_messages);
        Refilter(_requests);
        RefreshViews(isFilterNew: true);
    }

    /// <summary>Calls the opened handlers. Thread: where handlers run.</summary>
    internal void RaiseOpened(Session session)
    {
        foreach (Action<Session> handler in _opened.All)
        {
            try
            {
                handler(session);
            }
#pragma warning disable CA1031 // Application code: an exception closes its session, and the other handlers are still called.
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
#pragma warning disable CA1031 // Application code: after an exception the other handlers are still called.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                OnFault($"OnClosed, {EventHandlers<Action<Session, CloseInfo>>.NameOf(handler)}", session, exception, closesSession: false);
            }
        }
    }

    /// <summary>Called when a message handler threw. Thread: the one on which it ran.</summary>
    internal void OnMessageFault(HandlerEntry entry, Session session, Exception exception)
    {
        if (!IsCancellation(session, exception))
        {
            OnFault(entry.Name, session, exception, FaultPolicy == HandlerFaultPolicy.CloseSession);
        }
    }

    /// <summary>Called when a request handler threw. Thread: the one on which it ran.</summary>
    internal void OnRequestFault(HandlerEntry entry, Session session, uint requestId, Exception exception)
    {
        if (exception is RequestException error)
        {
            SessionActivities.FailHandler(error.Code, error.Message);
            session.RespondError(requestId, error.Code, error.Message);
            return;
        }

        if (!IsCancellation(session, exception))
        {
            OnFault(entry.Name, session, exception, closesSession: false);
        }

        SessionActivities.FailHandler(ErrorCode.HandlerFailed, "The handler failed.", exception);
        session.RespondError(requestId, ErrorCode.HandlerFailed, "The handler failed.");
    }

    /// <summary>Called when application code threw. Thread: the one on which it ran.</summary>
    internal void OnFault(string handler, Session session, Exception exception, bool closesSession)
    {
        LoopServices services = session.Services;
        // A peer that can make a handler throw must not be able to fill the disk with log lines.
        if (_faultLines.TryEnter(ref services.Transport.Counters.HandlerFaults, services.Transport.Clock.ReadPrecise(), out long suppressed))
        {
            HandlerLog.HandlerFailed(services.HandlerLogger, handler, session, suppressed, exception);
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

    /// <summary>Whether an exception is the expected cancellation of a handler whose session has closed.</summary>
    private static bool IsCancellation(Session session, Exception exception) =>
        exception is OperationCanceledException && session.Status == SessionStatus.Closed;

    private static HandlerEntry? Find(HandlerEntry?[] entries, int type) => (uint)type < (uint)entries.Length ? entries[type] : null;

    private void Add(ref HandlerEntry?[] entries, int type, HandlerEntry entry)
    {
        if (Find(entries, type) is { } existing)
        {
            throw new InvalidOperationException($"Type {type} has a handler already, for {existing.Name}; one type has one handler.");
        }

        Set(ref entries, type, entry.Filtered(_filters));
        RefreshViews(isFilterNew: false);
    }

    private static void Set(ref HandlerEntry?[] entries, int type, HandlerEntry entry)
    {
        // The loop reads at the same time: it sees either the old array or the complete new one.
        HandlerEntry?[] changed = entries;
        if (type >= entries.Length)
        {
            changed = new HandlerEntry?[type + 1];
            entries.CopyTo(changed, 0);
        }

        Volatile.Write(ref changed[type], entry);
        Volatile.Write(ref entries, changed);
    }

    /// <summary>Replaces entries by entries that run the current filters; messages already decoded keep their entry.</summary>
    private void Refilter(HandlerEntry?[] entries)
    {
        for (int type = 0; type < entries.Length; type++)
        {
            if (entries[type] is { } entry)
            {
                Volatile.Write(ref entries[type], entry.Unfiltered.Filtered(_filters));
            }
        }
    }

    /// <summary>Passes a change on to the tables of listeners with filters.</summary>
    /// <param name="isFilterNew">Whether every entry changes, or only the new ones.</param>
    private void RefreshViews(bool isFilterNew)
    {
        foreach (HandlerTable view in _views)
        {
            view.Refresh(this, isFilterNew);
        }
    }

    private void Refresh(HandlerTable parent, bool isFilterNew)
    {
        MessageFilter[] filters = [.. parent._filters, .. _filters];
        Take(parent._messages, ref _messages);
        Take(parent._requests, ref _requests);

        void Take(HandlerEntry?[] source, ref HandlerEntry?[] target)
        {
            for (int type = 0; type < source.Length; type++)
            {
                if (source[type] is { } entry && (isFilterNew || Find(target, type)?.Unfiltered != entry.Unfiltered))
                {
                    Set(ref target, type, entry.Unfiltered.Filtered(filters));
                }
            }
        }
    }
}

using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop;

/// <content>The way in: from a body to the dispatcher.</content>
public sealed partial class Session
{
    private int _pendingHandlers;
    private bool _isInputHandled;
    private bool _hasLoggedUnknown;

    /// <summary>Whether another asynchronous handler may start. Responses do not ask: they are what the handlers that run may be waiting for. Thread: loop.</summary>
    internal bool HasHandlerRoom => Volatile.Read(ref _pendingHandlers) < Profile.Options.MaxPendingHandlers && PendingBytes < Profile.Options.MaxPendingHandlerBytes;

    /// <summary>Its asynchronous and offloaded handlers that have not ended. Thread: any.</summary>
    internal int PendingHandlers => Volatile.Read(ref _pendingHandlers);

    /// <summary>Memory of the messages whose asynchronous or offloaded handlers have not ended. Thread: any.</summary>
    internal long PendingBytes => _extras?.PendingBytes ?? 0;

    void IConnectionOwner.OnConnected()
    {
        BeginDeadlines();
        if (_handshake is null)
        {
            BecomeOpen(Profile.Host.NextSessionId(), identity: null);
        }
        else
        {
            _handshake.OnConnected(this);
        }
    }

    bool IConnectionOwner.OnBodies(ref BodyBatch bodies)
    {
        if (!Services.Inbox.HasRoom)
        {
            return false;
        }

        if (_handshake is not null)
        {
            return _handshake.OnBody(this, bodies.First);
        }

        bool isTaken = Profile.IsRaw ? RouteRaw(bodies.First) : Route(ref bodies);
        if (isTaken)
        {
            LoopClock clock = Services.Transport.Clock;
            _lastInput = clock.PeerTime;
            if (Limiter is { } limiter && !limiter.TryTakeBody(bodies.First.Length, clock.Now, clock.StalledTime))
            {
                EndInput(CloseReason.RateLimited, "More messages or bytes a second than the server allows.", isByPeer: false);
            }
        }

        return isTaken;
    }

    void IConnectionOwner.OnBadInput(CloseReason reason, string text) => EndInput(reason, text, isByPeer: reason == CloseReason.Disconnected);

    void IConnectionOwner.OnEndOfInput(CloseReason reason) =>
        EndInput(reason == CloseReason.Disconnected ? Profile.EndOfInputReason : reason, "", isByPeer: true);

    void IConnectionOwner.OnSendBlocked() => RescheduleDeadlines();

    /// <summary>
    /// Takes nothing more from the peer, because of an end of its own or of bad input. What came before is handled and answered first, for no longer than
    /// the close timeout; then the session ends. Thread: loop.
    /// </summary>
    internal void EndInput(CloseReason reason, string text, bool isByPeer)
    {
        if (Status != SessionStatus.Open)
        {
            End(reason, text, isByPeer);
        }
        else if (!_hasInputEnded)
        {
            _hasInputEnded = true;
            _lastInput = Services.Transport.Clock.PeerTime;
            Extras.InputEnd = new CloseInfo(reason, text, isByPeer);
            _connection!.EndInput();
            EndRequests(_extras!.InputEnd); // Handlers may be waiting for responses that cannot come any more.
            RescheduleDeadlines();
            Profile.Dispatcher.DispatchEndOfInput(this);
        }
    }

    /// <summary>Everything that came before the end of the input is handled. Thread: any.</summary>
    internal void OnInputHandled()
    {
        if (!Services.IsLoopThread)
        {
            Services.CommandQueue.Write(new LoopCommand(this, InputHandledCommand));
            return;
        }

        if (!_isInputHandled)
        {
            _lastInput = Services.Transport.Clock.PeerTime; // From here on the close timeout counts, for handlers that go on after they returned.
        }

        // Either this thread sees the last handler's end or that one sees the flag: neither may look before it has written.
        _isInputHandled = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _pendingHandlers) == 0)
        {
            // What handlers on other threads sent before they ended is in the command queue by now, and goes out first.
            CommandQueue commands = Services.CommandQueue;
            if (!commands.HasItems)
            {
                EndAfterInput();
            }
            else if (!commands.TryWrite(new LoopCommand(this, EndOfInputCommand)))
            {
                Profile.Dispatcher.DispatchEndOfInput(this); // The command queue is full: again when the loop has drained it.
            }
        }
    }

    /// <summary>An asynchronous handler began. Thread: where handlers run.</summary>
    /// <param name="heldBytes">The memory of its message, which it keeps until it ends.</param>
    internal void HandlerStarted(long heldBytes)
    {
        Extras.AddPendingBytes(heldBytes);
        Interlocked.Increment(ref _pendingHandlers);
        Services.HandlerStarted();
    }

    /// <summary>An asynchronous handler ended. Thread: any.</summary>
    /// <param name="heldBytes">As it was said when it began.</param>
    internal void HandlerEnded(long heldBytes)
    {
        _extras!.AddPendingBytes(-heldBytes);
        if (Interlocked.Decrement(ref _pendingHandlers) == 0 && Volatile.Read(ref _isInputHandled))
        {
            OnInputHandled();
        }

        Services.HandlerEnded();
    }

    /// <summary>Ends the session for the reason for which its input ended.</summary>
    private void EndAfterInput()
    {
        CloseInfo info = _extras!.InputEnd;
        End(info.Reason, info.Text, info.ByPeer);
    }

    // Once the stop has begun nothing new reaches a handler, so that a request without a response is one that was not handled. Responses still do:
    // handlers that run may be waiting for them.
    private bool RouteRaw(ReadOnlySpan<byte> body) => Services.IsStopping || Profile.Dispatcher.DispatchRaw(this, body);

    private bool Route(ref BodyBatch bodies)
    {
        var reader = new NetReader(bodies.First, Profile.Options.DecodeLimits);
        if (!BodyHeader.TryRead(ref reader, out BodyHeader header))
        {
            EndMalformed();
            return true;
        }

        return header.Shape switch
        {
            BodyShape.Message => RouteMessage(header.Type, ref reader, ref bodies),
            BodyShape.Request => RouteRequest(header, ref reader, bodies.First),
            _ => RouteResponse(header.Id, ref reader),
        };
    }

    private bool RouteMessage(int type, ref NetReader reader, ref BodyBatch bodies)
    {
        if (type == ControlTypes.Goodbye)
        {
            OnGoodbye(ref reader);
            return true;
        }

        if (Services.IsStopping)
        {
            return true;
        }

        if (!HasHandlerRoom)
        {
            return false;
        }

        switch (Profile.Dispatcher.DispatchMessage(this, type, ref reader, ref bodies))
        {
            case DispatchVerdict.Busy:
                return false;

            case DispatchVerdict.Malformed:
                EndMalformed();
                break;

            case DispatchVerdict.Unknown:
                OnUnknownMessage(type, ref reader);
                break;
        }

        return true;
    }

    private bool RouteRequest(in BodyHeader header, ref NetReader reader, ReadOnlySpan<byte> body)
    {
        int payloadOffset = reader.Position;
        bool isPing = header.Type == ControlTypes.Ping;
        if (!isPing && Services.IsStopping)
        {
            return true;
        }

        if (!isPing && !HasHandlerRoom)
        {
            return false;
        }

        DispatchVerdict verdict = isPing
            ? AnswerPing(header.Id, ref reader)
            : Profile.Dispatcher.DispatchRequest(this, header.Id, header.Type, ref reader, body.Length);
        switch (verdict)
        {
            case DispatchVerdict.Busy:
                return false;

            case DispatchVerdict.Unknown when IsOneValue(body[payloadOffset..]):
                RespondError(header.Id, ErrorCode.UnknownMessage, $"Nobody handles requests of type {header.Type}.");
                break;

            case DispatchVerdict.Malformed when IsOneValue(body[payloadOffset..]):
                RespondError(header.Id, ErrorCode.MalformedPayload, $"The payload does not fit the contract of type {header.Type}.");
                break;

            case DispatchVerdict.Unknown or DispatchVerdict.Malformed:
                EndMalformed();
                break;
        }

        return true;
    }

    private bool RouteResponse(uint id, ref NetReader reader)
    {
        if (id == PingId)
        {
            OnPong(ref reader);
            return true;
        }

        PendingRequest? request = Requests?.Find(id);
        if (request is null)
        {
            Services.Transport.Counters.LateResponses++;
            if (!reader.TrySkip() || !reader.TrySkip() || reader.Remaining != 0)
            {
                EndMalformed();
            }

            return true;
        }

        if (!TryReadOutcome(request, ref reader) || reader.Remaining != 0)
        {
            EndMalformed();
            return true;
        }

        Requests!.End(request);
        return true;
    }

    /// <summary>Reads error and result of a response.</summary>
    internal static bool TryReadError(ref NetReader reader, out RequestException? error)
    {
        error = null;
        if (reader.TryReadNil())
        {
            return true;
        }

        if (!reader.TryReadArrayHeader(out int count) || count != 2 || !reader.TryRead(out int code) || !reader.TryRead(out string? text) || !reader.TryReadNil())
        {
            return false;
        }

        error = new RequestException(code, text ?? "");
        return true;
    }

    private bool TryReadOutcome(PendingRequest request, ref NetReader reader)
    {
        if (!TryReadError(ref reader, out RequestException? error))
        {
            return false;
        }

        if (error is null)
        {
            bool isRead = request.TryReadResult(ref reader, out Exception? thrown);
            if (thrown is not null)
            {
                Services.LogResponseFault(this, request.Name, thrown);
            }

            return isRead;
        }

        request.Fail(error.Code, EscapedText.From(error.Message));
        return true;
    }

    private bool IsOneValue(ReadOnlySpan<byte> payload)
    {
        var reader = new NetReader(payload, Profile.Options.DecodeLimits);
        return reader.TrySkip() && reader.Remaining == 0;
    }

    private void OnUnknownMessage(int type, ref NetReader reader)
    {
        if (!reader.TrySkip() || reader.Remaining != 0)
        {
            EndMalformed();
            return;
        }

        Services.Transport.Counters.UnknownMessages++;
        if (!_hasLoggedUnknown)
        {
            _hasLoggedUnknown = true;
            Services.LogUnknownMessage(this, type);
        }
    }

    private void OnGoodbye(ref NetReader reader)
    {
        if (!Contract.TryReadLast(ref reader, out Goodbye goodbye))
        {
            EndMalformed();
            return;
        }

        EndByGoodbye(goodbye);
    }

    /// <summary>Ends the session as the other side said, behind what it sent before. Thread: loop.</summary>
    internal void EndByGoodbye(in Goodbye goodbye)
    {
        // A reason this version does not know is still a Goodbye.
        CloseReason reason = Enum.IsDefined((CloseReason)goodbye.Reason) ? (CloseReason)goodbye.Reason : CloseReason.Normal;
        EndInput(reason, goodbye.Text ?? "", isByPeer: true);
    }

    private void EndMalformed() => EndInput(CloseReason.Malformed, "A body is not a well-formed message.", isByPeer: false);
}

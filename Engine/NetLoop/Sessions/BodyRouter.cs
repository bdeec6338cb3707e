using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Messaging;

namespace NetLoop.Sessions;

/// <summary>Routes each received body to its handler, to its request, or to the engine.</summary>
/// <remarks>
/// Thread: loop. Once the server's stop has begun, nothing new reaches a handler, so that a request without a response is one that was not handled. Responses
/// are still routed, because running handlers may wait for them. If a method returns false, the connection keeps the body and offers it again.
/// </remarks>
internal static class BodyRouter
{
    /// <summary>Handles the first body, and the following bodies that go to the same handler.</summary>
    public static bool Route(Session session, ref BodyBatch bodies)
    {
        if (session.Profile.IsRaw)
        {
            return session.Services.IsStopping || session.Profile.Dispatcher.DispatchRaw(session, bodies.First);
        }

        var reader = new NetReader(bodies.First, session.Profile.Options.DecodeLimits);
        if (!BodyHeader.TryRead(ref reader, out BodyHeader header))
        {
            return RouteTracedRequest(session, bodies.First);
        }

        return header.Shape switch
        {
            BodyShape.Message => RouteMessage(session, header.Type, ref reader, ref bodies),
            BodyShape.Request => RouteRequest(session, header, ref reader, bodies.First, context: default),
            _ => RouteResponse(session, header.Id, ref reader),
        };
    }

    /// <summary>Reads the error of a response, if there is one.</summary>
    /// <returns>False if it is malformed.</returns>
    public static bool TryReadError(ref NetReader reader, out RequestException? error)
    {
        error = null;
        if (reader.TryReadNil())
        {
            return true;
        }

        if (!reader.TryReadArrayHeader(out int count)
            || count != 2
            || !reader.TryRead(out int code)
            || !reader.TryRead(out string? text)
            || !reader.TryReadNil())
        {
            return false;
        }

        error = new RequestException(code, text ?? "");
        return true;
    }

    private static bool RouteMessage(Session session, int type, ref NetReader reader, ref BodyBatch bodies)
    {
        if (type == ControlTypes.Goodbye)
        {
            OnGoodbye(session, ref reader);
            return true;
        }

        if (session.Services.IsStopping)
        {
            return true;
        }

        if (!session.HasHandlerRoom)
        {
            return false;
        }

        switch (session.Profile.Dispatcher.DispatchMessage(session, type, ref reader, ref bodies))
        {
            case DispatchVerdict.Busy:
                return false;

            case DispatchVerdict.Malformed:
                EndMalformed(session);
                break;

            case DispatchVerdict.Unknown:
                OnUnknownMessage(session, type, ref reader);
                break;
        }

        return true;
    }

    private static bool RouteTracedRequest(Session session, ReadOnlySpan<byte> body)
    {
        var reader = new NetReader(body, session.Profile.Options.DecodeLimits);
        if (session.Profile.ReadsTraceContext
            && BodyHeader.TryReadTraced(ref reader, out BodyHeader header)
            && reader.TryReadRaw(out ReadOnlySpan<byte> context))
        {
            return RouteRequest(session, header, ref reader, body, context);
        }

        EndMalformed(session);
        return true;
    }

    private static bool RouteRequest(Session session, in BodyHeader header, ref NetReader reader, ReadOnlySpan<byte> body, ReadOnlySpan<byte> context)
    {
        int payloadOffset = reader.Position;
        bool isPing = header.Type == ControlTypes.Ping;
        if (!isPing && session.Services.IsStopping)
        {
            return true;
        }

        if (!isPing && !session.HasHandlerRoom)
        {
            return false;
        }

        RemoteTrace? trace = null;
        bool isContextValid = context.IsEmpty || TraceContext.TryParse(context, NetActivities.HasListeners, out trace);
        DispatchVerdict verdict = isPing
            ? Heartbeat.OnPing(session, header.Id, ref reader)
            : session.Profile.Dispatcher.DispatchRequest(session, header.Id, header.Type, ref reader, body.Length, trace);
        if (!isContextValid && verdict != DispatchVerdict.Busy)
        {
            session.Services.Transport.Counters.TraceContextsIgnored++;
        }

        switch (verdict)
        {
            case DispatchVerdict.Busy:
                return false;

            case DispatchVerdict.Unknown when IsOneValue(session, body[payloadOffset..]):
                session.RespondError(header.Id, ErrorCode.UnknownMessage, $"Nobody handles requests of type {header.Type}.");
                break;

            case DispatchVerdict.Malformed when IsOneValue(session, body[payloadOffset..]):
                session.RespondError(header.Id, ErrorCode.MalformedPayload, $"The payload does not fit the contract of type {header.Type}.");
                break;

            case DispatchVerdict.Unknown or DispatchVerdict.Malformed:
                EndMalformed(session);
                break;
        }

        return true;
    }

    private static bool RouteResponse(Session session, uint id, ref NetReader reader)
    {
        if (id == Heartbeat.PingId)
        {
            if (!Heartbeat.OnPong(session, ref reader))
            {
                EndMalformed(session);
            }

            return true;
        }

        PendingRequest? request = session.Requests.Find(id);
        if (request is null)
        {
            session.Services.Transport.Counters.LateResponses++;
            if (!reader.TrySkip() || !reader.TrySkip() || reader.Remaining != 0)
            {
                EndMalformed(session);
            }

            return true;
        }

        if (!TryReadOutcome(session, request, ref reader) || reader.Remaining != 0)
        {
            EndMalformed(session);
            return true;
        }

        session.Requests.End(request);
        return true;
    }

    private static bool TryReadOutcome(Session session, PendingRequest request, ref NetReader reader)
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
                session.Services.LogResponseFault(session, request.Name, thrown);
            }

            return isRead;
        }

        request.Fail(error.Code, EscapedText.From(error.Message));
        return true;
    }

    private static bool IsOneValue(Session session, ReadOnlySpan<byte> payload)
    {
        var reader = new NetReader(payload, session.Profile.Options.DecodeLimits);
        return reader.TrySkip() && reader.Remaining == 0;
    }

    private static void OnUnknownMessage(Session session, int type, ref NetReader reader)
    {
        if (!reader.TrySkip() || reader.Remaining != 0)
        {
            EndMalformed(session);
            return;
        }

        session.Services.Transport.Counters.UnknownMessages++;
        session.LogUnknown(type);
    }

    private static void OnGoodbye(Session session, ref NetReader reader)
    {
        if (Contract.TryReadLast(ref reader, out Goodbye goodbye))
        {
            session.EndByGoodbye(goodbye);
        }
        else
        {
            EndMalformed(session);
        }
    }

    private static void EndMalformed(Session session) =>
        session.EndInput(CloseReason.Malformed, "A body is not a well-formed message.", isByPeer: false);
}

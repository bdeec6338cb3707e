using NetLoop.Buffers;
using NetLoop.CompilerServices;
using NetLoop.Diagnostics;
using NetLoop.Messaging;

namespace NetLoop.Sessions;

/// <summary>The outstanding requests of one session.</summary>
/// <remarks>Thread: loop, unless said otherwise.</remarks>
internal struct SessionRequests
{
    /// <summary>Maximum length of a request's header: the array, the shape, the id and the type.</summary>
    private const int MaxHeaderBytes = 1 + 1 + 5 + 3;

    private RequestTracker? _tracker;

    /// <summary>Number of outstanding requests.</summary>
    public readonly int Outstanding => _tracker?.Outstanding ?? 0;

    /// <summary>Encodes a request and lets the loop send it. Thread: any.</summary>
    public static Task<TResponse> SendAsync<TRequest, TResponse, TFormatter>(
        Session session, TRequest request, TimeSpan timeout, CancellationToken cancellation)
        where TRequest : INetMessage<TRequest>
        where TFormatter : INetFormatter<TResponse>
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<TResponse>(cancellation);
        }

        LoopServices services = session.Services;
        OutgoingTrace? trace = NetActivities.HasListeners || session.SendsTraceContext
            ? SessionActivities.BeginRequest(session, TRequest.MessageName, TRequest.MessageType)
            : null;
        var payload = new PayloadBody<TRequest>(in request);
        SendStatus status = services.Encode(in payload, session.MaxSendBytes, out Lease lease, out int length);
        if (status != SendStatus.Sent)
        {
            return NotSent<TResponse>(status, trace);
        }

        long wait = SessionProfile.Nanoseconds(timeout);
        var pending = new PendingRequest<TResponse, TFormatter>(TRequest.MessageType, TRequest.MessageName, wait, cancellation, trace);
        services.Work.Sent(pending);
        if (!session.BeginRequest(pending, lease, length))
        {
            lease.Return();
            return NotSent<TResponse>(SendStatus.Closed, trace);
        }

        return pending.Task;
    }

    /// <summary>Sends a request, or fails it with the reason why it cannot be sent. Its task completes where handlers run.</summary>
    public void Begin(Session session, PendingRequest request, Lease ownedPayload, int length)
    {
        LoopServices services = session.Services;
        if (!session.TakesRequests)
        {
            request.Fail(ErrorCode.Cancelled, "The session is not open.");
            services.Inbox.Add(request);
        }
        else if (!TrackerOf(session).TryAdd(request, services.Transport.Clock.PeerTime + request.TimeoutNanoseconds))
        {
            request.Fail(ErrorCode.Overloaded, $"{session.Profile.Options.MaxPendingRequests} requests are outstanding already.");
            services.Inbox.Add(request);
        }
        else
        {
            SendStatus status = Send(session, request, ownedPayload.Span[..length]);
            if (status == SendStatus.Sent)
            {
                request.WatchCancellation(session, static (session, request) => ((Session)session).CancelRequest(request));
            }
            else
            {
                RequestException error = NotSent(status);
                _tracker!.End(request, error.Code, error.Message);
            }
        }

        ownedPayload.Return();
    }

    /// <summary>The outstanding request with this id; null if it no longer waits.</summary>
    public readonly PendingRequest? Find(uint id) => _tracker?.Find(id);

    /// <summary>Completes a request whose outcome was read.</summary>
    public readonly void End(PendingRequest request) => _tracker!.End(request);

    /// <summary>Ends the wait of a caller that no longer wants the response.</summary>
    public readonly void Cancel(PendingRequest request) => _tracker?.End(request, ErrorCode.Cancelled, "The request was cancelled.");

    /// <summary>Ends the waits for responses that can no longer arrive.</summary>
    public readonly void EndAll(in CloseInfo info)
    {
        if (_tracker is { Outstanding: > 0 })
        {
            bool isStopping = info is { ByPeer: true, Reason: CloseReason.ServerStopping };
            _tracker.EndAll(isStopping ? ErrorCode.ServerStopping : ErrorCode.Cancelled, $"The session closed ({info}).");
        }
    }

    private static SendStatus Send(Session session, PendingRequest request, ReadOnlySpan<byte> payload)
    {
        if (request.Trace is { Parent: not null } trace)
        {
            int maxBytes = Math.Min(session.MaxSendBytes, session.Connection?.MaxBodyBytes ?? 0);
            if (payload.Length + trace.MaxBytes + MaxHeaderBytes <= maxBytes)
            {
                var traced = new TracedRequestBody(request.Id, request.Type, trace, payload);
                return session.SendBody(in traced);
            }

            // With its trace context the request would be too large: send it without.
        }

        var body = new RequestBody(request.Id, request.Type, payload);
        return session.SendBody(in body);
    }

    private static Task<TResponse> NotSent<TResponse>(SendStatus status, OutgoingTrace? trace)
    {
        RequestException error = NotSent(status);
        trace?.End(error);
        return Task.FromException<TResponse>(error);
    }

    private static RequestException NotSent(SendStatus status) => status switch
    {
        SendStatus.TooLarge => new RequestException(ErrorCode.TooLarge, "The request is longer than a frame may be."),
        SendStatus.Overflow => new RequestException(ErrorCode.Overloaded, "The send queue is full."),
        _ => new RequestException(ErrorCode.Cancelled, "The session is not open."),
    };

    private RequestTracker TrackerOf(Session session) =>
        _tracker ??= new RequestTracker(
            session.Profile.Options.MaxPendingRequests, session.Services.Transport.Timers, session.Services.Inbox, session.ReadWaitingResponses);
}

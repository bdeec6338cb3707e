using NetLoop.Buffers;
using NetLoop.CompilerServices;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Transports;

namespace NetLoop;

/// <content>The way out: encode, queue, overflow.</content>
public sealed partial class Session
{
    private const int BodyCommand = 0;
    private const int CloseCommand = 1;
    private const int RequestCommand = 2;
    private const int CancelCommand = 3;
    private const int InputHandledCommand = 4;
    private const int EndOfInputCommand = 5;

    private int _maxSendBytes;

    /// <summary>Sends a message; it goes out with this iteration of the loop.</summary>
    /// <returns>Sent, or why not. After Overflow the session is closed, and nothing is sent on it any more.</returns>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    /// <exception cref="NullMemberException">A member is null that must not be; nothing is sent.</exception>
    public SendStatus Send<T>(in T message)
        where T : INetMessage<T>
    {
        if (message is null)
        {
            throw new ArgumentNullException(nameof(message));
        }

        var body = new MessageBody<T>(in message);
        return SendBody(in body);
    }

    /// <summary>Sends bytes as one body of the listener's framer: for raw protocols.</summary>
    /// <param name="body">At least one byte; copied before the call returns.</param>
    /// <returns>Sent, or why not.</returns>
    public SendStatus SendRaw(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            throw new ArgumentException("A body has at least one byte.", nameof(body));
        }

        var raw = new EncodedBody(body);
        return SendBody(in raw);
    }

    /// <summary>Sends a request and waits for its response.</summary>
    /// <param name="request">Copied before the call returns.</param>
    /// <param name="timeout">
    /// How long to wait; by default the session's <see cref="SessionOptions.RequestTimeout"/>. Time in which the loop stood still does not count, and up to as long
    /// again is waited while handlers are too far behind for anything to be read.
    /// </param>
    /// <param name="cancellation">Ends the wait; the other side is not told, and its response is dropped.</param>
    /// <exception cref="RequestException">The other side answered with an error, or there was no answer: TimedOut; ServerStopping because the server stopped
    /// before it handled the request, unless the handler took longer than the stop; Cancelled because the session closed otherwise, and nobody knows
    /// whether it was handled; Overloaded because too many requests are outstanding; TooLarge.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks>In a handler, await it. Blocking on it (<c>.Result</c>, <c>.Wait()</c>) never ends: the response needs the thread that waits.</remarks>
    public Task<TResponse> RequestAsync<TRequest, TResponse>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse> =>
        RequestAsync<TRequest, TResponse, NetFormatters.Contract<TResponse>>(request, timeout, cancellation);

    /// <summary>Sends a request and waits for its response, which a formatter reads: for responses that are no contracts.</summary>
    /// <inheritdoc cref="RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>
    public Task<TResponse> RequestAsync<TRequest, TResponse, TFormatter>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TFormatter : INetFormatter<TResponse>
    {
        TimeSpan wait = timeout ?? Profile.Options.RequestTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wait, TimeSpan.Zero, nameof(timeout));
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<TResponse>(cancellation);
        }

        var payload = new PayloadBody<TRequest>(in request);
        SendStatus status = Services.Encode(in payload, _maxSendBytes, out Lease lease, out int length);
        if (status != SendStatus.Sent)
        {
            return Task.FromException<TResponse>(RequestNotSent(status));
        }

        var pending = new PendingRequest<TResponse, TFormatter>(TRequest.MessageType, TRequest.MessageName, SessionProfile.Nanoseconds(wait), cancellation);
        Services.Work.Sent(pending);
        if (Services.IsLoopThread)
        {
            BeginRequest(pending, lease, length);
        }
        else if (!Services.CommandQueue.Write(new LoopCommand(this, RequestCommand, pending) { OwnedBody = lease, BodyBytes = length }))
        {
            lease.Return();
            return Task.FromException<TResponse>(RequestNotSent(SendStatus.Closed));
        }

        return pending.Task;
    }

    /// <summary>Answers a request. Thread: any.</summary>
    internal void Respond<T>(uint id, in T result)
        where T : INetContract<T>
    {
        var body = new ResponseBody<T>(id, in result);
        SendStatus status = SendBody(in body);
        if (status == SendStatus.TooLarge)
        {
            RespondError(id, ErrorCode.TooLarge, "The response is longer than a frame may be.");
        }
        else if (status != SendStatus.Sent)
        {
            CountLostResponse();
        }
    }

    /// <summary>Answers a request with an error. Thread: any.</summary>
    internal void RespondError(uint id, int code, string text)
    {
        var body = new ErrorBody(id, code, text);
        SendStatus status = SendBody(in body);
        if (status == SendStatus.TooLarge && text.Length > 0)
        {
            RespondError(id, code, "");
        }
        else if (status != SendStatus.Sent)
        {
            CountLostResponse();
        }
    }

    /// <summary>Answers Hello with an error; a text that does not fit into the first frames is left out. Thread: loop.</summary>
    internal void RefuseHello(uint id, int code, string text)
    {
        if (_connection is { State: ConnectionState.Open } connection && Write(connection, new ErrorBody(id, code, text)) == SendStatus.TooLarge)
        {
            Write(connection, new ErrorBody(id, code, ""));
        }
    }

    /// <summary>Answers Hello, before the session is open. Thread: loop.</summary>
    internal void SendHandshakeBody<TBody>(scoped in TBody body)
        where TBody : struct, IBody, allows ref struct
    {
        if (_connection is { State: ConnectionState.Open } connection)
        {
            WriteOrOverflow(connection, in body);
        }
    }

    /// <summary>Queues a body that is encoded already. Thread: loop.</summary>
    internal SendStatus AppendEncoded(ReadOnlySpan<byte> body)
    {
        if (Status != SessionStatus.Open || Connection is not { } connection)
        {
            if (BodyHeader.IsResponse(body) && !Profile.IsRaw)
            {
                CountLostResponse();
            }

            return Refused(SendStatus.Closed);
        }

        // Encoded without a look at the connection, whose framer may allow less than the options do.
        if (body.Length > Math.Min(_maxSendBytes, connection.MaxBodyBytes))
        {
            return Refused(SendStatus.TooLarge);
        }

        return connection.IsFull() || !connection.TryAppend(body) ? Overflow() : SendStatus.Sent;
    }

    void ISendTarget.SendEncoded(ReadOnlySpan<byte> body) => AppendEncoded(body);

    internal SendStatus SendBody<TBody>(scoped in TBody body)
        where TBody : struct, IBody, allows ref struct
    {
        if (!Services.IsLoopThread)
        {
            return SendFromElsewhere(in body);
        }

        if (Status != SessionStatus.Open || Connection is not { } connection)
        {
            return Refused(SendStatus.Closed);
        }

        return connection.IsFull() ? Overflow() : WriteOrOverflow(connection, in body);
    }

    private static RequestException RequestNotSent(SendStatus status) => status switch
    {
        SendStatus.TooLarge => new RequestException(ErrorCode.TooLarge, "The request is longer than a frame may be."),
        SendStatus.Overflow => new RequestException(ErrorCode.Overloaded, "The send queue is full."),
        _ => new RequestException(ErrorCode.Cancelled, "The session is not open."),
    };

    private SendStatus WriteOrOverflow<TBody>(Connection connection, scoped in TBody body)
        where TBody : struct, IBody, allows ref struct
    {
        SendStatus status = Write(connection, in body);
        return status == SendStatus.Overflow ? Overflow() : status;
    }

    /// <summary>Encodes a body into the connection's queue. Never ends the session, so that its end can use it for Goodbye.</summary>
    private SendStatus Write<TBody>(Connection connection, scoped in TBody body)
        where TBody : struct, IBody, allows ref struct
    {
        Span<byte> room = connection.BeginBody(_maxSendBytes, out IBodyBuffer buffer);
        if (room.IsEmpty)
        {
            return SendStatus.Overflow;
        }

        var writer = new NetWriter(buffer, room);
        try
        {
            body.Write(ref writer);
        }
        catch
        {
            // A property of the application's type threw: what is half written must not go out.
            connection.CancelBody();
            throw;
        }

        if (writer.HasSpilled)
        {
            // There is a part of it that cannot be written again.
            connection.CancelBody();
            var kept = new EncodedBody(writer.Written);
            return Write(connection, in kept);
        }

        if (writer.Overflowed)
        {
            connection.CancelBody();
            return buffer.FoundPoolExhausted ? WriteApart(connection, in body) : Refused(SendStatus.TooLarge);
        }

        connection.CommitBody(writer.BytesWritten);
        return SendStatus.Sent;
    }

    /// <summary>Encodes a body that had no memory to grow into: beside the queue, where others can be evicted for it.</summary>
    private SendStatus WriteApart<TBody>(Connection connection, scoped in TBody body)
        where TBody : struct, IBody, allows ref struct
    {
        int maxBytes = Math.Min(_maxSendBytes, connection.MaxBodyBytes);
        SendStatus status = Services.Encode(in body, maxBytes, out Lease lease, out int length);
        if (status != SendStatus.Sent)
        {
            return status == SendStatus.TooLarge ? Refused(status) : status;
        }

        // The encoding may have evicted this very connection.
        if (connection.IsDead || !connection.TryAppend(lease.Span[..length]))
        {
            status = SendStatus.Overflow;
        }

        lease.Return();
        return status;
    }

    private SendStatus SendFromElsewhere<TBody>(scoped in TBody body)
        where TBody : struct, IBody, allows ref struct
    {
        if (Status != SessionStatus.Open)
        {
            return SendStatus.Closed;
        }

        if (Services.CommandQueue.HandlerSends is { IsCaller: true } sends)
        {
            if (sends.TrySend(this, in body, _maxSendBytes, out ReadOnlySpan<byte> kept))
            {
                return SendStatus.Sent;
            }

            if (!kept.IsEmpty)
            {
                var encoded = new EncodedBody(kept);
                return SendFromElsewhere(in encoded);
            }
        }

        SendStatus status = Services.Encode(in body, _maxSendBytes, out Lease lease, out int length);
        if (status == SendStatus.Sent && !Services.CommandQueue.Write(new LoopCommand(this, BodyCommand) { OwnedBody = lease, BodyBytes = length }))
        {
            lease.Return();
            return SendStatus.Closed;
        }

        if (status == SendStatus.Overflow)
        {
            Close(CloseReason.SlowConsumer, "The buffer pool is exhausted.");
        }

        return status;
    }

    private void BeginRequest(PendingRequest pending, Lease ownedPayload, int length)
    {
        if (Status != SessionStatus.Open || _hasInputEnded)
        {
            pending.Fail(ErrorCode.Cancelled, "The session is not open.");
            Services.Inbox.Add(pending);
        }
        else if (!TrackerForRequests().TryAdd(pending, Services.Transport.Clock.PeerTime + pending.TimeoutNanoseconds))
        {
            pending.Fail(ErrorCode.Overloaded, $"{Profile.Options.MaxPendingRequests} requests are outstanding already.");
            Services.Inbox.Add(pending);
        }
        else
        {
            var body = new RequestBody(pending.Id, pending.Type, ownedPayload.Span[..length]);
            SendStatus status = SendBody(in body);
            if (status == SendStatus.Sent)
            {
                pending.WatchCancellation(this, static (session, request) => ((Session)session).CancelRequest(request));
            }
            else
            {
                RequestException error = RequestNotSent(status);
                Requests!.End(pending, error.Code, error.Message);
            }
        }

        ownedPayload.Return();
    }

    private void CancelRequest(PendingRequest request)
    {
        if (Services.IsLoopThread)
        {
            Requests?.End(request, ErrorCode.Cancelled, "The request was cancelled.");
        }
        else
        {
            Services.CommandQueue.Write(new LoopCommand(this, CancelCommand, request));
        }
    }

    private RequestTracker TrackerForRequests() =>
        Extras.Requests ??= new RequestTracker(Profile.Options.MaxPendingRequests, Services.Transport.Timers, Services.Inbox, ReadWaitingResponses);

    private SendStatus Overflow()
    {
        End(CloseReason.SlowConsumer, "The peer does not read fast enough.");
        return Refused(SendStatus.Overflow);
    }

    /// <summary>Counts a response that has nobody to go to because this side closed the session. A peer that is gone lost it by itself. Thread: any.</summary>
    private void CountLostResponse()
    {
        if (_wasClosedHere && !Services.IsOver)
        {
            Interlocked.Increment(ref Services.Transport.Counters.ResponsesLost);
        }
    }

    private SendStatus Refused(SendStatus status)
    {
        Services.Transport.Counters.SendsRefused++;
        return status;
    }
}

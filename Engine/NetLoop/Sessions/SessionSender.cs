using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sending;
using NetLoop.Transports;

namespace NetLoop.Sessions;

/// <summary>Sends for a session: encodes and queues bodies, and handles overflow.</summary>
/// <remarks>Thread: loop, unless said otherwise.</remarks>
/// <param name="maxBodyBytes">The longest body that this side sends.</param>
internal struct SessionSender(int maxBodyBytes)
{
    private int _maxBodyBytes = maxBodyBytes;

    /// <summary>The longest body that may be sent: the smaller of the two sides' limits. Thread: any.</summary>
    public readonly int MaxBodyBytes => _maxBodyBytes;

    /// <summary>Sets the other side's limit.</summary>
    public void Limit(int maxBodyBytes) => _maxBodyBytes = Math.Min(_maxBodyBytes, maxBodyBytes);

    /// <summary>Sends a body. Thread: any.</summary>
    public readonly SendStatus Send<TBody>(Session session, scoped in TBody body, SendMode mode = default)
        where TBody : struct, IBody, allows ref struct
    {
        if (!session.Services.IsLoopThread)
        {
            return SendFromElsewhere(session, in body, mode);
        }

        if (session.Status != SessionStatus.Open || session.Connection is not { } connection)
        {
            return CountRejected(session, SendStatus.Closed);
        }

        if (mode.IsExpendable && IsBehind(connection, mode))
        {
            return SendExpendable(session, connection, in body, mode);
        }

        return connection.IsFull() ? Overflow(session) : WriteOrOverflow(session, connection, in body, mode);
    }

    /// <summary>Responds to a request. Thread: any.</summary>
    public readonly void Respond<T>(Session session, uint id, in T result)
        where T : INetContract<T>
    {
        var body = new ResponseBody<T>(id, in result);
        SendStatus status = Send(session, in body);
        if (status == SendStatus.TooLarge)
        {
            const string Text = "The response is longer than a frame may be.";
            SessionActivities.FailHandler(ErrorCode.TooLarge, Text);
            RespondError(session, id, ErrorCode.TooLarge, Text);
        }
        else if (status != SendStatus.Sent)
        {
            session.CountLostResponse();
        }
    }

    /// <summary>Responds to a request with an error. Thread: any.</summary>
    public readonly void RespondError(Session session, uint id, int code, string text)
    {
        var body = new ErrorBody(id, code, text);
        SendStatus status = Send(session, in body);
        if (status == SendStatus.TooLarge && text.Length > 0)
        {
            RespondError(session, id, code, "");
        }
        else if (status != SendStatus.Sent)
        {
            session.CountLostResponse();
        }
    }

    /// <summary>Queues a body that is already encoded.</summary>
    public readonly SendStatus Append(Session session, ReadOnlySpan<byte> body, SendMode mode = default)
    {
        if (session.Status != SessionStatus.Open || session.Connection is not { } connection)
        {
            if (BodyHeader.IsResponse(body) && !session.Profile.IsRaw)
            {
                session.CountLostResponse();
            }

            return CountRejected(session, SendStatus.Closed);
        }

        // The body was encoded without the connection, whose framer may allow less than the options do.
        if (body.Length > Math.Min(_maxBodyBytes, connection.MaxBodyBytes))
        {
            return CountRejected(session, SendStatus.TooLarge);
        }

        if (mode.IsExpendable && IsBehind(connection, mode))
        {
            return !connection.IsDead && connection.TryHoldLatest(body, mode) ? SendStatus.Sent : CountDropped(session);
        }

        return connection.IsFull() || !connection.TryAppend(body, mode) ? Overflow(session) : SendStatus.Sent;
    }

    /// <summary>Encodes a body into the connection's queue, or ends the session if there is no room.</summary>
    public readonly SendStatus WriteOrOverflow<TBody>(Session session, Connection connection, scoped in TBody body, SendMode mode = default)
        where TBody : struct, IBody, allows ref struct
    {
        SendStatus status = Write(session, connection, in body, mode);
        return status == SendStatus.Overflow ? Overflow(session) : status;
    }

    /// <summary>Encodes a body into the connection's queue. Never ends the session, so that the end itself can use it for Goodbye.</summary>
    public readonly SendStatus Write<TBody>(Session session, Connection connection, scoped in TBody body, SendMode mode = default)
        where TBody : struct, IBody, allows ref struct
    {
        Span<byte> room = connection.BeginBody(_maxBodyBytes, out IBodyBuffer buffer);
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
            // A property of the application's type threw: the incomplete body must not be sent.
            connection.CancelBody();
            throw;
        }

        if (writer.HasSpilled)
        {
            // Part of the body cannot be written again.
            connection.CancelBody();
            var kept = new EncodedBody(writer.Written);
            return Write(session, connection, in kept, mode);
        }

        if (writer.Overflowed)
        {
            connection.CancelBody();
            return buffer.FoundPoolExhausted ? WriteApart(session, connection, in body, mode) : CountRejected(session, SendStatus.TooLarge);
        }

        connection.CommitBody(writer.BytesWritten, mode);
        return SendStatus.Sent;
    }

    /// <summary>Encodes a body for which the queue had no memory to grow: outside the queue, where other connections can be evicted for it.</summary>
    private readonly SendStatus WriteApart<TBody>(Session session, Connection connection, scoped in TBody body, SendMode mode)
        where TBody : struct, IBody, allows ref struct
    {
        int maxBytes = Math.Min(_maxBodyBytes, connection.MaxBodyBytes);
        SendStatus status = session.Services.Encode(in body, maxBytes, out Lease lease, out int length);
        if (status != SendStatus.Sent)
        {
            return status == SendStatus.TooLarge ? CountRejected(session, status) : status;
        }

        // The encoding may have evicted this connection itself.
        if (connection.IsDead || !connection.TryAppend(lease.Span[..length], mode))
        {
            status = SendStatus.Overflow;
        }

        lease.Return();
        return status;
    }

    /// <summary>Sends a body from another thread. Thread: any but the loop.</summary>
    private readonly SendStatus SendFromElsewhere<TBody>(Session session, scoped in TBody body, SendMode mode)
        where TBody : struct, IBody, allows ref struct
    {
        if (session.Status != SessionStatus.Open)
        {
            return SendStatus.Closed;
        }

        LoopServices services = session.Services;
        if (services.CommandQueue.HandlerSends is { IsCaller: true } sends)
        {
            if (sends.TrySend(session, in body, _maxBodyBytes, out ReadOnlySpan<byte> kept, mode))
            {
                return SendStatus.Sent;
            }

            if (!kept.IsEmpty)
            {
                var encoded = new EncodedBody(kept);
                return SendFromElsewhere(session, in encoded, mode);
            }
        }

        SendStatus status = services.Encode(in body, _maxBodyBytes, out Lease lease, out int length);
        if (status == SendStatus.Sent && !services.CommandQueue.Write(session.CommandToSend(lease, length, mode)))
        {
            lease.Return();
            return SendStatus.Closed;
        }

        if (status == SendStatus.Overflow)
        {
            session.Close(CloseReason.SlowConsumer, "The buffer pool is exhausted.");
        }

        return status;
    }

    /// <summary>Sends a body that may be lost to a peer that is behind: it replaces the one that waits, or is dropped.</summary>
    private readonly SendStatus SendExpendable<TBody>(Session session, Connection connection, scoped in TBody body, SendMode mode)
        where TBody : struct, IBody, allows ref struct
    {
        if (mode.Delivery == Delivery.Unreliable)
        {
            return CountDropped(session);
        }

        int maxBytes = Math.Min(_maxBodyBytes, connection.MaxBodyBytes);
        SendStatus status = session.Services.Encode(in body, maxBytes, out Lease lease, out int length);
        if (status != SendStatus.Sent)
        {
            return status == SendStatus.TooLarge ? CountRejected(session, status) : CountDropped(session);
        }

        bool isHeld = !connection.IsDead && connection.TryHoldLatest(lease.Span[..length], mode);
        lease.Return();
        return isHeld ? SendStatus.Sent : CountDropped(session);
    }

    /// <summary>
    /// Whether a body that may be lost has to wait. Many bodies in one iteration fill the queue before a send finds that the peer is behind; and while older
    /// state is held, newer state must not overtake it.
    /// </summary>
    private static bool IsBehind(Connection connection, SendMode mode) =>
        connection.IsSendBlocked || (mode.Delivery == Delivery.Sequenced && connection.LatestBytes > 0) || connection.IsFull();

    private static SendStatus CountDropped(Session session)
    {
        session.Services.Transport.Counters.SendsDropped++;
        return SendStatus.Dropped;
    }

    private static SendStatus Overflow(Session session)
    {
        session.End(CloseReason.SlowConsumer, "The peer does not read fast enough.");
        return CountRejected(session, SendStatus.Overflow);
    }

    private static SendStatus CountRejected(Session session, SendStatus status)
    {
        session.Services.Transport.Counters.SendsRejected++;
        return status;
    }
}

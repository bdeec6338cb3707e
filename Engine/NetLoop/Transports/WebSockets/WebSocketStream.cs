using NetLoop.Framing;
using NetLoop.Framing.WebSockets;
using NetLoop.Transports.Streams;

namespace NetLoop.Transports.WebSockets;

/// <summary>Sends and receives bodies as messages of a <see cref="WebSocketProtocol"/>: upgrades, answers pings, and closes with a handshake.</summary>
/// <param name="webSocket">The protocol; like this object it belongs to one connection.</param>
/// <param name="maxBodyBytes">Length of the longest message after the session's handshake.</param>
internal sealed class WebSocketStream(WebSocketProtocol webSocket, int maxBodyBytes) : StreamProtocol
{
    // The iteration that last answered pings.
    private long _pongedIn = -1;

    public WebSocketProtocol WebSocket => webSocket;

    public override IFrameWriter Framing => webSocket;

    public override bool OpensByHandshake => true;

    public override long HandshakeTimeout => webSocket.UpgradeTimeout;

    public override bool AnswersHandshake => webSocket.IsServer;

    public override bool HasUnqueued => webSocket.HasPongs;

    public override bool IsInBody => webSocket.IsInMessage;

    public override bool AwaitsPeerClose => webSocket.AwaitsClose;

    // When both sides have sent close frames, the server ends the stream first (RFC 6455, section 7.1.1).
    public override bool MayEndStreamFirst => webSocket.IsServer || !webSocket.IsPeerClosed;

    public override string EndOfStreamText => "The stream ended without a close frame.";

    public override int HeldBytes => webSocket.HeldBytes;

    public override int HeldBlockBytes => webSocket.BlockBytes + webSocket.KeptRequest.Length;

    public override int LeaseCount => webSocket.LeaseCount;

    public override bool Reads(ConnectionState state) => state switch
    {
        ConnectionState.Opening => true,
        ConnectionState.Open => !webSocket.IsPeerClosed,
        ConnectionState.Replying => webSocket is { IsPeerClosed: false, FailureCode: 0 },
        ConnectionState.Draining => webSocket.AwaitsClose,
        _ => false,
    };

    /// <summary>Makes room after a copy of the held bytes, which are few unless reading is paused.</summary>
    public override bool TryMakeRoom(StreamConnection connection, out Span<byte> room)
    {
        Span<byte> held = connection.Received.Unread;
        Span<byte> scratch = connection.Scratch.Room;
        held.CopyTo(scratch);
        room = scratch.Slice(held.Length, Math.Min(connection.MaxReceiveBytes, scratch.Length - held.Length));
        return true;
    }

    public override void OnReceived(StreamConnection connection, Span<byte> bytes)
    {
        Span<byte> all = connection.Scratch.Room[..(connection.Received.Unread.Length + bytes.Length)];
        connection.DeliverScratch(all);
    }

    public override int Cut(StreamConnection connection, Span<byte> bytes)
    {
        int consumed = 0;
        while (Reads(connection.State))
        {
            switch (webSocket.TryRead(bytes[consumed..], out int used, out ReadOnlySpan<byte> message))
            {
                case WebSocketStatus.Incomplete:
                    AnswerPings(connection);
                    return consumed;

                case WebSocketStatus.Opened:
                    if (!TryIdentify(connection, bytes.Slice(consumed, used)))
                    {
                        return bytes.Length;
                    }

                    connection.OnOpened(webSocket.Response);
                    break;

                case WebSocketStatus.Answered:
                    connection.OnPeerClosed(CloseReason.Normal, "A health check was answered.");
                    return bytes.Length;

                case WebSocketStatus.Message when !TryDeliver(connection, message):
                    return consumed;

                case WebSocketStatus.Message:
                    webSocket.MessageTaken();
                    break;

                case WebSocketStatus.Closed:
                    OnPeerClosed(connection);
                    break;

                case WebSocketStatus.Failed:
                    OnFailed(connection);
                    return bytes.Length;

                case WebSocketStatus.OutOfMemory:
                    connection.TryMakeMemoryOrDie();
                    break;
            }

            consumed += used;
        }

        return bytes.Length;
    }

    public override string? Subprotocol => webSocket.Subprotocol;

    public override HttpUpgrade? ReadUpgrade() => webSocket.KeptRequest is { Length: > 0 } head ? HttpUpgrade.Parse(head) : null;

    public override StreamProtocol Admit()
    {
        webSocket.MaxBodyBytes = maxBodyBytes;
        webSocket.KeptRequest = [];
        return this;
    }

    public override void BeginHandshake(StreamConnection connection)
    {
        if (!webSocket.IsServer)
        {
            connection.QueueRaw(webSocket.Request);
        }
    }

    public override void OnHandshakeTimedOut(StreamConnection connection)
    {
        if (webSocket.IsServer)
        {
            const string Text = "No WebSocket upgrade within the timeout.";
            webSocket.RejectHandshake(408, Text);
            connection.Reject(CloseReason.HandshakeTimeout, Text);
        }
        else
        {
            connection.Reject(CloseReason.HandshakeTimeout, "No response to the WebSocket upgrade within the handshake timeout.");
        }
    }

    public override void OnEndOfHandshake(StreamConnection connection)
    {
        if (webSocket.IsServer)
        {
            connection.EndByPeer(connection.Received.IsEmpty ? CloseReason.Disconnected : CloseReason.Truncated);
        }
        else
        {
            connection.Reject(CloseReason.Disconnected, "The server closed the connection during the WebSocket upgrade.");
        }
    }

    public override void EndInput() => webSocket.DiscardMessages();

    /// <summary>Queues this side's close frame, or the response that rejects the upgrade.</summary>
    public override void Close(StreamConnection connection, CloseReason reason, string text)
    {
        if (connection.State == ConnectionState.Opening)
        {
            webSocket.RejectHandshake(reason == CloseReason.RateLimited ? 429 : 503, text);
            connection.QueueRaw(webSocket.Response);
            return;
        }

        Span<byte> frame = stackalloc byte[WebSocketProtocol.MaxControlFrameBytes];
        int length = webSocket.WriteClose(reason, text, frame);
        connection.QueueRaw(frame[..length]);
    }

    public override void BeforeFlush(StreamConnection connection) => AnswerPings(connection);

    public override void Release() => webSocket.Release();

    /// <summary>Answers pings once an iteration. While the peer does not read, later pings replace earlier ones.</summary>
    private void AnswerPings(StreamConnection connection)
    {
        if (!webSocket.HasPongs || connection.IsSendBlocked)
        {
            return; // They are answered after the flush that empties the queue.
        }

        if (_pongedIn != connection.Iteration)
        {
            _pongedIn = connection.Iteration;
            connection.QueueRaw(webSocket.Pongs);
            webSocket.PongsSent();
        }

        connection.RequestFlush();
    }

    /// <summary>Tells the owner the client's address, if a trusted proxy names it in the request.</summary>
    /// <returns>False if the owner rejected that address and closed the connection.</returns>
    private bool TryIdentify(StreamConnection connection, ReadOnlySpan<byte> head)
    {
        IConnectionOwner owner = connection.Owner!;
        return webSocket.Forwarding is not { } forwarding || !forwarding.TryRead(head, owner.Remote, out NetEndpoint client) || owner.TryMove(client);
    }

    private bool TryDeliver(StreamConnection connection, ReadOnlySpan<byte> message)
    {
        AnswerPings(connection); // Answer earlier pings first, so that their pongs are sent before the close frame.
        var alone = new BodyBatch(message);
        return connection.IsDead || connection.TryDeliver(ref alone);
    }

    private void OnPeerClosed(StreamConnection connection)
    {
        if (connection.State == ConnectionState.Open)
        {
            CloseReason reason = CloseReasonCodes.FromCloseCode(webSocket.PeerCloseCode, isFromServer: !webSocket.IsServer);
            connection.OnPeerClosed(reason, webSocket.PeerCloseText);
        }
        else
        {
            connection.RequestFlush(); // The linger waited for this.
        }
    }

    private void OnFailed(StreamConnection connection)
    {
        if (connection.State > ConnectionState.Open)
        {
            connection.RequestFlush(); // No valid close frame can follow: the linger need not wait for it.
            return;
        }

        CloseReason reason = !webSocket.IsOpen ? webSocket.HandshakeFailure
            : webSocket.FailureCode == WebSocketCloseCode.MessageTooBig ? CloseReason.FrameTooLarge
            : CloseReason.Malformed;
        connection.Reject(reason, webSocket.FailureText);
    }
}

using NetLoop.Framing;
using NetLoop.Framing.WebSockets;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Transports.Streams;

/// <content>What differs when the framing is WebSocket: it opens by an upgrade, answers pings, and closes by a handshake of its own.</content>
internal sealed partial class StreamConnection
{
    private WebSocketProtocol? _webSocket;

    // The iteration that answered pings last.
    private long _pongedIn = -1;

    /// <summary>Its framing, when that is WebSocket.</summary>
    public WebSocketProtocol? WebSocket => _webSocket;

    private bool AwaitsPeerClose => _webSocket is { AwaitsClose: true } && !_sawEndOfStream;

    private bool ReadsMessages => State switch
    {
        ConnectionState.Opening => true,
        ConnectionState.Open => !_webSocket!.IsPeerClosed,
        ConnectionState.Replying => _webSocket is { IsPeerClosed: false, FailureCode: 0 },
        ConnectionState.Draining => _webSocket!.AwaitsClose,
        _ => false,
    };

    private void AwaitUpgrade() =>
        _deadline = Context.Timers.Schedule(Context.Clock.PeerTime + _webSocket!.UpgradeTimeout, this);

    private void OnUpgradeTimedOut()
    {
        if (_webSocket!.IsServer)
        {
            const string Text = "No WebSocket upgrade within the time-out.";
            _webSocket.RefuseHandshake(408, Text);
            _owner.OnBadInput(CloseReason.HandshakeTimeout, Text);
        }
        else
        {
            Die(CloseReason.TransportError, SocketStatus.TimedOut);
        }
    }

    private void OnEndOfUpgrade()
    {
        if (_webSocket!.IsServer)
        {
            Die(_received.IsEmpty ? CloseReason.Disconnected : CloseReason.Truncated, SocketStatus.Ok);
        }
        else
        {
            _owner.OnBadInput(CloseReason.Disconnected, "The server closed the connection during the WebSocket upgrade.");
        }
    }

    /// <summary>Where the next bytes go: behind those that are held, which are few while reading goes on and are copied in front.</summary>
    private Span<byte> BehindHeldBytes()
    {
        Span<byte> held = _received.Unread;
        Span<byte> room = Context.Scratch.Room;
        held.CopyTo(room);
        return room.Slice(held.Length, Math.Min(MaxReceiveBytes, room.Length - held.Length));
    }

    private void DeliverMessages(int received)
    {
        Span<byte> bytes = Context.Scratch.Room[..(_received.Unread.Length + received)];
        _received.Release();
        _isDelivering = true;
        int consumed = CutMessages(bytes);
        _isDelivering = false;
        if (IsDead)
        {
            ReleaseReceived();
        }
        else
        {
            Keep(bytes[consumed..]);
        }
    }

    private int CutMessages(Span<byte> bytes)
    {
        WebSocketProtocol webSocket = _webSocket!;
        int consumed = 0;
        while (ReadsMessages)
        {
            switch (webSocket.TryRead(bytes[consumed..], out int used, out ReadOnlySpan<byte> message))
            {
                case WebSocketStatus.Incomplete:
                    AnswerPings();
                    return consumed;

                case WebSocketStatus.Opened:
                    OnUpgraded();
                    break;

                case WebSocketStatus.Message when !TryDeliver(message):
                    PauseReading();
                    return consumed;

                case WebSocketStatus.Message:
                    webSocket.MessageTaken();
                    Context.Counters.BodiesIn++;
                    break;

                case WebSocketStatus.Closed:
                    OnPeerClosed();
                    break;

                case WebSocketStatus.Failed:
                    OnWebSocketFailed();
                    return bytes.Length;

                case WebSocketStatus.OutOfMemory when !Context.EvictLargestHolder():
                    Die(CloseReason.Evicted, SocketStatus.NoBuffers);
                    break;
            }

            consumed += used;
        }

        return bytes.Length;
    }

    private void OnUpgraded()
    {
        Context.Timers.Cancel(_deadline);
        State = ConnectionState.Open;
        if (_webSocket!.Response is { } response)
        {
            QueueRaw(response);
        }

        if (!IsDead)
        {
            _owner.OnConnected();
        }
    }

    private void OnPeerClosed()
    {
        if (State == ConnectionState.Open)
        {
            _owner.OnEndOfStream(CloseReasonCodes.FromCloseCode(_webSocket!.PeerCloseCode, isFromServer: !_webSocket.IsServer));
        }
        else
        {
            MarkDirty(); // What the linger waited for.
        }
    }

    private void OnWebSocketFailed()
    {
        if (State > ConnectionState.Open)
        {
            MarkDirty(); // Nothing sensible will come any more: the linger need not wait for it.
            return;
        }

        CloseReason reason = _webSocket!.FailureCode == WebSocketCloseCode.MessageTooBig ? CloseReason.FrameTooLarge : CloseReason.Malformed;
        _owner.OnBadInput(reason, _webSocket.FailureText);
    }

    /// <summary>Queues this side's close frame, or what refuses the upgrade.</summary>
    private void QueueLastWords(CloseReason reason, string text)
    {
        if (State == ConnectionState.Opening)
        {
            _webSocket!.RefuseHandshake(503, text);
            QueueRaw(_webSocket.Response);
            return;
        }

        Span<byte> frame = stackalloc byte[WebSocketProtocol.MaxControlFrameBytes];
        int length = _webSocket!.WriteClose(reason, text, frame);
        QueueRaw(frame[..length]);
    }

    /// <summary>Answers pings, once an iteration, and not while the peer does not read: until then a later ping takes the place of an earlier one.</summary>
    private void AnswerPings()
    {
        if (_webSocket!.HasPongs)
        {
            if (IsBlocked)
            {
                return; // The flush that empties the queue comes back to them.
            }

            if (_pongedIn != Context.Counters.Iterations)
            {
                _pongedIn = Context.Counters.Iterations;
                QueueRaw(_webSocket.Pongs);
                _webSocket.PongsSent();
            }

            MarkDirty();
        }
    }

    private bool TryDeliver(ReadOnlySpan<byte> message)
    {
        AnswerPings(); // Those that came before it, so that their answers go out before its own.
        var alone = new BodyRun(message);
        return IsDead || _owner.OnBodies(ref alone);
    }

    private void QueueRaw(ReadOnlySpan<byte> bytes)
    {
        int before = _queue.QueuedBytes;
        while (!_queue.TryAppendFramed(bytes))
        {
            if (!TryMakeMemory())
            {
                Die(CloseReason.Evicted, SocketStatus.NoBuffers);
                return;
            }

            before = _queue.QueuedBytes; // Some of it may have been sent to make memory.
        }

        Context.Counters.QueuedBytes += _queue.QueuedBytes - before;
        MarkDirty();
    }
}

using System.Buffers.Binary;
using System.Text;
using NetLoop.Buffers;
using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <content>Control frames: pings are answered once an iteration, and each side sends one close frame.</content>
internal sealed partial class WebSocketProtocol
{
    /// <summary>Length of the longest control frame, header included.</summary>
    public const int MaxControlFrameBytes = 2 + WebSocketMask.KeyBytes + WebSocketHeader.MaxControlPayloadBytes;

    private const int MaxCloseTextBytes = WebSocketHeader.MaxControlPayloadBytes - sizeof(ushort);
    private const string PongOwner = "websocket pongs";

    // The frames of the latest pongs, for the next flush; the settings limit their number.
    private Lease _pongs;
    private int _pongBytes;
    private int _pongCount;
    private bool _isDiscarding;
    private bool _isCloseSent;

    /// <summary>Whether there are pings without a pong.</summary>
    public bool HasPongs => _pongCount > 0;

    /// <summary>The code of the peer's close frame; 0 if there was no close frame or no code.</summary>
    public int PeerCloseCode { get; private set; }

    /// <summary>The text in the peer's close frame, for people; empty if a Goodbye came before it.</summary>
    public string PeerCloseText { get; private set; } = "";

    /// <summary>Whether the peer has sent its close frame.</summary>
    public bool IsPeerClosed { get; private set; }

    /// <summary>Whether this side has sent its close frame and waits for the peer's. Messages that arrive meanwhile are discarded.</summary>
    public bool AwaitsClose => _isCloseSent && !IsPeerClosed && FailureCode == 0;

    /// <summary>The pong frames to send; valid until <see cref="PongsSent"/>.</summary>
    public ReadOnlySpan<byte> Pongs => _pongs.Span[.._pongBytes];

    /// <summary>Discards the pongs, which are queued now.</summary>
    public void PongsSent()
    {
        if (!_pongs.IsEmpty)
        {
            _pongs.Return();
            _pongs = default;
        }

        _pongBytes = 0;
        _pongCount = 0;
    }

    /// <summary>Discards messages, including an unfinished one; frames are still parsed, to find the peer's close.</summary>
    public void DiscardMessages()
    {
        _isDiscarding = true;
        if (!_isCollected && !_isUnmasked)
        {
            ReleaseMessage();
        }
    }

    /// <summary>Writes this side's close frame. Its code is that of the failure if there is one, else the peer's, else that of the reason.</summary>
    /// <param name="reason">Why the session ends.</param>
    /// <param name="text">For people; shortened to fit.</param>
    /// <param name="frame">At least <see cref="MaxControlFrameBytes"/> bytes.</param>
    /// <returns>Bytes written; 0 when a close frame was written before, or the WebSocket never opened.</returns>
    public int WriteClose(CloseReason reason, string text, Span<byte> frame)
    {
        if (_isCloseSent || !IsOpen)
        {
            return 0;
        }

        _isCloseSent = true;
        PongsSent();
        DiscardMessages();

        Span<byte> payload = stackalloc byte[WebSocketHeader.MaxControlPayloadBytes];
        int length = 0;
        int code = FailureCode != 0 ? FailureCode : IsPeerClosed ? PeerCloseCode : reason.ToCloseCode();
        if (code != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
            length = sizeof(ushort);
            if (!IsPeerClosed)
            {
                Encoding.UTF8.GetEncoder().Convert(text, payload.Slice(length, MaxCloseTextBytes), flush: false, out _, out int textBytes, out _);
                length += textBytes;
            }
        }

        return WriteControl(WebSocketOpcode.Close, payload[..length], frame);
    }

    private WebSocketStatus ReadControl(in WebSocketHeader header, Span<byte> received, int payloadBytes, out int consumed)
    {
        consumed = 0;
        if (received.Length - header.Bytes < payloadBytes)
        {
            return WebSocketStatus.Incomplete;
        }

        Span<byte> payload = received.Slice(header.Bytes, payloadBytes);
        if (header.IsMasked)
        {
            WebSocketMask.Apply(payload, payload, header.ReadKey(received));
        }

        consumed = header.Bytes + payloadBytes;
        switch (header.Opcode)
        {
            case WebSocketOpcode.Close:
                return ReadClose(payload);

            case WebSocketOpcode.Ping when !_isCloseSent:
                AddPong(payload);
                return WebSocketStatus.Progress;

            default:
                return WebSocketStatus.Progress; // An unsolicited pong is allowed and ignored.
        }
    }

    private WebSocketStatus ReadClose(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 1)
        {
            return Fail(WebSocketCloseCode.ProtocolError, "A close frame has a payload of one byte.");
        }

        if (payload.Length > 1)
        {
            int code = BinaryPrimitives.ReadUInt16BigEndian(payload);
            ReadOnlySpan<byte> text = payload[sizeof(ushort)..];
            if (!WebSocketCloseCode.IsValid(code))
            {
                return Fail(WebSocketCloseCode.ProtocolError, "The code of a close frame is not one.");
            }

            if (!System.Text.Unicode.Utf8.IsValid(text))
            {
                return FailText();
            }

            PeerCloseCode = code;
            PeerCloseText = _isDiscarding || text.IsEmpty ? "" : Encoding.UTF8.GetString(text);
        }

        IsPeerClosed = true;
        return WebSocketStatus.Closed;
    }

    /// <summary>Keeps a pong for the next flush. Without memory the ping is not answered, which is allowed.</summary>
    private void AddPong(ReadOnlySpan<byte> payload)
    {
        if (_pongCount == _settings.MaxPendingPongs)
        {
            _pongBytes = 0;
            _pongCount = 0;
        }

        if (_pongs.IsEmpty && !_pool.TryRent(_settings.MaxPendingPongs * MaxControlFrameBytes, PongOwner, out _pongs))
        {
            return;
        }

        _pongBytes += WriteControl(WebSocketOpcode.Pong, payload, _pongs.Span[_pongBytes..]);
        _pongCount++;
    }

    private int WriteControl(WebSocketOpcode opcode, ReadOnlySpan<byte> payload, Span<byte> frame)
    {
        uint? key = _keys?.Next();
        int headerBytes = HeaderBytesFor(payload.Length);
        WebSocketHeader.Write(frame[..headerBytes], opcode, payload.Length, key);
        Span<byte> body = frame.Slice(headerBytes, payload.Length);
        WebSocketMask.Apply(payload, body, key ?? 0);
        return headerBytes + payload.Length;
    }
}

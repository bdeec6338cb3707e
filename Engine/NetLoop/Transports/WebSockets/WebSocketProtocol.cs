using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <summary>The protocol of one WebSocket, client or server, without I/O: it takes received bytes, and gives messages and responses.</summary>
/// <remarks>
/// Thread: loop; belongs to one connection. A message that arrived whole in one frame is unmasked in place and not copied. Any other is collected in one
/// lease that grows with the bytes received, never with an announced length. A peer that sends a byte at a time makes its connection hold at most a
/// header or a control frame between calls.
/// Source: RFC 6455.
/// </remarks>
internal sealed partial class WebSocketProtocol : IFrameSealer
{
    /// <summary>Bytes charged for each fragment in addition to its payload, so that empty ones are not free.</summary>
    public const int FragmentCharge = 64;

    private const string Owner = "websocket message";

    private readonly WebSocketSettings _settings;
    private readonly BufferPool _pool;
    private readonly MaskKeys? _keys;

    // The message in progress: the payloads of its frames so far, and the remaining length of the current frame.
    private Lease _message;
    private int _messageBytes;
    private int _fragments;
    private long _frameLeft;
    private uint _frameKey;
    private int _framePhase;
    private bool _isFinalFrame;
    private bool _isInMessage;
    private Utf8Checker _text;

    // Whether a message was delivered and not yet taken: one that was collected, or one that is unmasked in place.
    private bool _isCollected;
    private bool _isUnmasked;

    public WebSocketProtocol(WebSocketSettings settings, int maxBodyBytes, BufferPool pool, IEntropySource entropy)
    {
        _settings = settings;
        _pool = pool;
        MaxBodyBytes = maxBodyBytes;
        SendsText = settings.SendsText;
        if (settings.Role == WebSocketRole.Client)
        {
            _keys = new MaskKeys(entropy);
            Span<byte> nonce = stackalloc byte[WebSocketKey.NonceBytes];
            entropy.Fill(nonce);
            _request = new UpgradeRequest(settings.Host, settings.Target, settings.Origin, nonce, settings.Offers);
        }
    }

    /// <summary>Longest message accepted and sent; may be changed between two messages.</summary>
    public int MaxBodyBytes { get; set; }

    /// <summary>Whether the last message was text.</summary>
    public bool IsText { get; private set; }

    /// <summary>Whether messages are sent as text; binary otherwise.</summary>
    public bool SendsText { get; set; }

    public bool IsServer => _settings.Role == WebSocketRole.Server;

    /// <summary>Blocks of the pool it holds: for a message, and for pongs.</summary>
    public int LeaseCount => (_message.IsEmpty ? 0 : 1) + (_pongs.IsEmpty ? 0 : 1);

    /// <summary>Total size of those blocks, in bytes.</summary>
    public int BlockBytes => _message.Length + _pongs.Length;

    /// <summary>Bytes held for a message in progress, including the charges for its fragments.</summary>
    public int HeldBytes => _isInMessage || _isCollected ? _messageBytes + (_fragments * FragmentCharge) : 0;

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsInMessage => _isInMessage;

    /// <summary>The close code of the failure; 0 if it has not failed.</summary>
    public int FailureCode { get; private set; }

    /// <summary>Why the WebSocket failed, for people.</summary>
    public string FailureText { get; private set; } = "";

    // The header length for bodies of 126 bytes to 64 KiB, the most common; a body of another length is moved by a few bytes.
    public int HeaderBytes => WebSocketHeader.BytesFor(ushort.MaxValue, isMasked: !IsServer);

    public ReadOnlySpan<byte> Trailer => default;

    public int HeaderBytesFor(int bodyBytes) => WebSocketHeader.BytesFor(bodyBytes, isMasked: !IsServer);

    public void WriteHeader(Span<byte> header, int bodyBytes) => Invariant.Fail("a WebSocket frame is sealed");

    public void Seal(Span<byte> header, Span<byte> body)
    {
        WebSocketOpcode opcode = SendsText ? WebSocketOpcode.Text : WebSocketOpcode.Binary;
        uint? key = _keys?.Next();
        WebSocketHeader.Write(header, opcode, body.Length, key);
        if (key is { } mask)
        {
            WebSocketMask.Apply(body, body, mask);
        }
    }

    /// <summary>Reads one step: the handshake, a frame, a part of a frame, a message.</summary>
    /// <param name="received">All bytes received and not consumed; may be changed.</param>
    /// <param name="consumed">Bytes consumed. The bytes of a message are consumed only when it is taken: until then they must be passed again.</param>
    /// <param name="message">The message; valid until the next call.</param>
    public WebSocketStatus TryRead(Span<byte> received, out int consumed, out ReadOnlySpan<byte> message)
    {
        consumed = 0;
        message = default;
        if (!IsOpen)
        {
            return ReadHandshake(received, out consumed);
        }

        if (_isCollected && _isDiscarding)
        {
            // The message was waiting for room when this side closed: it is discarded.
            EndMessage();
            return WebSocketStatus.Progress;
        }

        if (_isCollected)
        {
            message = _message.Span[.._messageBytes];
            return WebSocketStatus.Message;
        }

        if (received.IsEmpty)
        {
            return WebSocketStatus.Incomplete;
        }

        return _frameLeft > 0 ? ReadPayload(received, out consumed) : ReadFrame(received, out consumed, out message);
    }

    /// <summary>The message delivered last is handled; its bytes are consumed.</summary>
    public void MessageTaken()
    {
        if (_isCollected)
        {
            EndMessage();
        }

        _isUnmasked = false;
    }

    /// <summary>Returns all memory. May be called more than once.</summary>
    public void Release()
    {
        EndMessage();
        PongsSent();
    }

    private WebSocketStatus ReadFrame(Span<byte> received, out int consumed, out ReadOnlySpan<byte> message)
    {
        consumed = 0;
        message = default;
        if (received.Length < 2)
        {
            return WebSocketStatus.Incomplete;
        }

        var header = new WebSocketHeader(received[0], received[1]);
        if (!IsAllowed(header))
        {
            return WebSocketStatus.Failed;
        }

        if (received.Length < header.Bytes)
        {
            return WebSocketStatus.Incomplete;
        }

        if (!header.TryReadLength(received, out long payloadBytes))
        {
            return Fail(WebSocketCloseCode.ProtocolError, "The length of a frame is not in its shortest form.");
        }

        if (header.IsControl)
        {
            return ReadControl(header, received, (int)payloadBytes, out consumed);
        }

        if (!_isDiscarding && payloadBytes > MaxBodyBytes - (_isInMessage ? _messageBytes : 0))
        {
            return Fail(WebSocketCloseCode.MessageTooBig, "A message is longer than allowed.");
        }

        bool isWhole = header.IsFinal && !_isInMessage && !_isDiscarding && received.Length - header.Bytes >= payloadBytes;
        return isWhole
            ? ReadWholeMessage(header, received, (int)payloadBytes, out consumed, out message)
            : BeginFrame(header, received, payloadBytes, out consumed);
    }

    /// <summary>Checks the first two bytes, so that an invalid header fails before the rest of it arrives.</summary>
    private bool IsAllowed(in WebSocketHeader header)
    {
        if (header.ReservedBits != 0)
        {
            Fail(WebSocketCloseCode.ProtocolError, "A reserved bit is set, and no extension was agreed on.");
        }
        else if (header.IsMasked != IsServer)
        {
            Fail(WebSocketCloseCode.ProtocolError, IsServer ? "A client's frame is not masked." : "A server's frame is masked.");
        }
        else if (header.IsControl)
        {
            if (!header.IsFinal || header.IsLong || header.Opcode > WebSocketOpcode.Pong)
            {
                Fail(WebSocketCloseCode.ProtocolError, "A control frame is unknown, fragmented or longer than 125 bytes.");
            }
        }
        else if (header.Opcode > WebSocketOpcode.Binary)
        {
            Fail(WebSocketCloseCode.ProtocolError, "The opcode of a frame is reserved.");
        }
        else if ((header.Opcode == WebSocketOpcode.Continuation) != _isInMessage)
        {
            Fail(WebSocketCloseCode.ProtocolError, _isInMessage ? "A message began inside another." : "A frame continues no message.");
        }
        else if (header.Opcode == WebSocketOpcode.Text && !_settings.AcceptsText)
        {
            Fail(WebSocketCloseCode.UnsupportedData, "Messages must be binary.");
        }

        return FailureCode == 0;
    }

    private WebSocketStatus ReadWholeMessage(
        scoped in WebSocketHeader header, Span<byte> received, int payloadBytes, out int consumed, out ReadOnlySpan<byte> message)
    {
        consumed = 0;
        message = default;
        Span<byte> payload = received.Slice(header.Bytes, payloadBytes);
        if (!_isUnmasked)
        {
            if (header.IsMasked)
            {
                WebSocketMask.Apply(payload, payload, header.ReadKey(received));
            }

            IsText = header.Opcode == WebSocketOpcode.Text;
            if (IsText && !System.Text.Unicode.Utf8.IsValid(payload))
            {
                return FailText();
            }

            _isUnmasked = true;
        }

        message = payload;
        consumed = header.Bytes + payloadBytes;
        return WebSocketStatus.Message;
    }

    private WebSocketStatus BeginFrame(in WebSocketHeader header, ReadOnlySpan<byte> received, long payloadBytes, out int consumed)
    {
        consumed = header.Bytes;
        if (!_isInMessage)
        {
            _isInMessage = true;
            IsText = header.Opcode == WebSocketOpcode.Text;
            _text = default;
        }

        if (++_fragments > _settings.MaxFragments && !_isDiscarding)
        {
            return Fail(WebSocketCloseCode.PolicyViolation, "A message comes in too many fragments.");
        }

        _frameLeft = payloadBytes;
        _frameKey = header.ReadKey(received);
        _framePhase = 0;
        _isFinalFrame = header.IsFinal;
        return payloadBytes == 0 ? EndFrame() : WebSocketStatus.Progress;
    }

    private WebSocketStatus ReadPayload(ReadOnlySpan<byte> received, out int consumed)
    {
        consumed = 0;
        int count = (int)Math.Min(received.Length, _frameLeft);
        if (!_isDiscarding)
        {
            if (!TryMakeRoom(count))
            {
                return _pool.CanEverRent(_messageBytes + count)
                    ? WebSocketStatus.OutOfMemory
                    : Fail(WebSocketCloseCode.MessageTooBig, "A message is longer than allowed.");
            }

            Span<byte> room = _message.Span.Slice(_messageBytes, count);
            WebSocketMask.Apply(received[..count], room, _frameKey, _framePhase);
            _messageBytes += count;
            if (IsText && !_text.TryAdvance(room))
            {
                return FailText();
            }
        }

        consumed = count;
        _frameLeft -= count;
        _framePhase = (_framePhase + count) % WebSocketMask.KeyBytes;
        return _frameLeft == 0 ? EndFrame() : WebSocketStatus.Progress;
    }

    private WebSocketStatus EndFrame()
    {
        if (!_isFinalFrame)
        {
            return WebSocketStatus.Progress;
        }

        if (_isDiscarding)
        {
            EndMessage();
            return WebSocketStatus.Progress;
        }

        if (IsText && !_text.IsAtBoundary)
        {
            return FailText();
        }

        _isInMessage = false;
        _isCollected = true;
        return WebSocketStatus.Progress;
    }

    private void EndMessage()
    {
        ReleaseMessage();
        _fragments = 0;
        _isInMessage = false;
        _isCollected = false;
    }

    /// <summary>Discards the bytes of the message; the position within its frames is kept.</summary>
    private void ReleaseMessage()
    {
        if (!_message.IsEmpty)
        {
            _message.Return();
            _message = default;
        }

        _messageBytes = 0;
    }

    /// <summary>Grows the lease for the bytes that arrived, by a factor of four, so that each byte is copied a few times at most.</summary>
    private bool TryMakeRoom(int count)
    {
        int needed = _messageBytes + count;
        if (needed <= _message.Length)
        {
            return true;
        }

        if (!_pool.TryRent(needed, Owner, out Lease larger))
        {
            return false;
        }

        if (!_message.IsEmpty)
        {
            _message.Span[.._messageBytes].CopyTo(larger.Span);
            _message.Return();
        }

        _message = larger;
        return true;
    }

    private WebSocketStatus FailText() => Fail(WebSocketCloseCode.InvalidData, "A text is not UTF-8.");

    private WebSocketStatus Fail(int code, string text)
    {
        FailureCode = code;
        FailureText = text;
        return WebSocketStatus.Failed;
    }
}

using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <content>The opening handshake: an HTTP request and its response.</content>
internal sealed partial class WebSocketProtocol
{
    private readonly UpgradeRequest? _request;
    private int _searched;

    /// <summary>Whether the opening handshake is over.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Nanoseconds that the opening handshake may take.</summary>
    public long UpgradeTimeout => _settings.UpgradeTimeout;

    /// <summary>A client's request, to be sent first; empty on a server.</summary>
    public ReadOnlySpan<byte> Request => _request is null ? default : _request.Bytes;

    /// <summary>A server's response, to be sent before anything else; null until the request has arrived, and on a client.</summary>
    public byte[]? Response { get; private set; }

    /// <summary>The head of the client's request, at a server that keeps it until the peer is known; else empty.</summary>
    public byte[] KeptRequest { get; set; } = [];

    /// <summary>The reason why a client's handshake failed, from the server's HTTP status.</summary>
    public CloseReason HandshakeFailure { get; private set; } = CloseReason.Malformed;

    /// <summary>The subprotocol that the server chose; null for none.</summary>
    public string? Subprotocol { get; private set; }

    /// <summary>Finds the addresses of clients behind trusted proxies; null if there are no such proxies.</summary>
    public Forwarding? Forwarding => _settings.Forwarding;

    /// <summary>Ends the handshake from this side; a server's <see cref="Response"/> gives the reason. An acceptance that was not sent is withdrawn.</summary>
    /// <param name="status">An HTTP status.</param>
    /// <param name="text">For people.</param>
    public void RejectHandshake(int status, string text)
    {
        if (IsServer && (Response is null || IsOpen))
        {
            Response = new UpgradeResponse(status, text).ToResponse(default);
            IsOpen = false;
        }

        FailureText = text;
    }

    private WebSocketStatus ReadHandshake(ReadOnlySpan<byte> received, out int consumed)
    {
        consumed = 0;
        if (received.IsEmpty)
        {
            return WebSocketStatus.Incomplete;
        }

        // Reject a client that speaks another protocol at once, not at the deadline.
        bool isHttp = received[0] is >= (byte)'A' and <= (byte)'Z';
        if (!isHttp || !HttpHead.TryFindEnd(received[..Math.Min(received.Length, HttpHead.MaxBytes)], ref _searched, out int length))
        {
            return FailHandshake(400, IsServer ? "The request is not HTTP." : "The server does not speak WebSocket.");
        }

        if (length == 0)
        {
            return received.Length < HttpHead.MaxBytes
                ? WebSocketStatus.Incomplete
                : FailHandshake(431, $"The head of the upgrade is longer than {HttpHead.MaxBytes} bytes.");
        }

        ReadOnlySpan<byte> head = received[..length];
        consumed = length;
        if (_request is not null)
        {
            if (_request.CheckResponse(head, out int rejected) is { } refusal)
            {
                HandshakeFailure = CloseReasonCodes.FromHttpStatus(rejected);
                return FailHandshake(0, refusal);
            }

            Subprotocol = _request.Subprotocol;
        }
        else
        {
            Span<byte> accept = stackalloc byte[WebSocketKey.AcceptBytes];
            UpgradeResponse answer = UpgradeResponse.To(head, _settings.Policy, accept);
            Response = answer.ToResponse(accept);
            if (answer.IsHealth)
            {
                return WebSocketStatus.Answered;
            }

            if (!answer.IsAccepted)
            {
                if (answer.IsForbidden)
                {
                    _settings.OnForbidden?.Invoke(answer);
                }

                return FailHandshake(answer.Status, answer.Text);
            }

            Subprotocol = answer.Subprotocol;
            if (_settings.KeepsRequest)
            {
                KeptRequest = head.ToArray();
            }
        }

        IsOpen = true;
        return WebSocketStatus.Opened;
    }

    private WebSocketStatus FailHandshake(int status, string text)
    {
        RejectHandshake(status, text);
        return WebSocketStatus.Failed;
    }
}

using System.Text.Unicode;
using NetLoop.Buffers;
using NetLoop.Framing.WebSockets;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Fuzzing.Targets;

/// <summary>One end of WebSockets whose other end sends anything.</summary>
internal sealed class WebSocketBench : IEntropySource
{
    private const int MaxMessageBytes = 300;
    private const int MaxFragments = 8;
    private const int LongRounds = 1_100;
    private const string Host = "127.0.0.1";

    private readonly BufferPool _pool = new(new BufferPoolOptions());
    private readonly FuzzRandom _random = new(0);
    private readonly WebSocketSettings _settings;
    private readonly byte[] _received = new byte[InputBuffer.MaxBytes];
    private readonly byte[] _opening;

    /// <param name="role">The role of this end.</param>
    /// <param name="acceptsText">Whether messages may be text.</param>
    public WebSocketBench(WebSocketRole role, bool acceptsText)
    {
        UpgradePolicy policy = UpgradePolicy.SameHost;
        _settings = new(role, policy, Host, "/", Origin: null, MaxFragments, MaxPendingPongs: 2, acceptsText, SendsText: false, UpgradeTimeout: 1);
        _opening = role == WebSocketRole.Client ? Answer : new UpgradeRequest(Host, "/", origin: null, new byte[WebSocketKey.NonceBytes]).Bytes;
    }

    /// <summary>A server's response to this client, whose key is always the same.</summary>
    public static byte[] Answer { get; } = MakeAnswer();

    /// <summary>Creates an end of a WebSocket, opened or not.</summary>
    public WebSocketProtocol Create(bool isOpen)
    {
        WebSocketProtocol protocol = new(_settings, MaxMessageBytes, _pool, this);
        FuzzProbe.Require(!isOpen || protocol.TryRead(_opening, out _, out _) == WebSocketStatus.Opened, "the usual handshake was refused");
        return protocol;
    }

    /// <summary>Lets an end read what the other sends, until the stream or the WebSocket ends.</summary>
    /// <param name="protocol">Created by this class; not used again afterwards.</param>
    /// <param name="stream">The bytes of the other end.</param>
    /// <param name="inPieces">Whether they arrive in pieces, or at once.</param>
    /// <param name="peer">The other end of the WebSocket, opened, which writes each message again; null to check no message.</param>
    public WebSocketOutcome Play(WebSocketProtocol protocol, ReadOnlySpan<byte> stream, bool inPieces, WebSocketProtocol? peer)
    {
        _random.Reseed(InputHash.Of(stream));
        int start = 0;
        int end = 0;
        int messages = 0;
        ulong content = 0;
        WebSocketStatus status = WebSocketStatus.Incomplete;
        while (end < stream.Length && status == WebSocketStatus.Incomplete)
        {
            int piece = inPieces ? 1 + _random.Below(Math.Min(stream.Length - end, _random.OneIn(2) ? 3 : int.MaxValue)) : stream.Length;
            stream.Slice(end, piece).CopyTo(_received.AsSpan(end));
            end += piece;
            do
            {
                status = protocol.TryRead(_received.AsSpan(start, end - start), out int consumed, out ReadOnlySpan<byte> message);
                FuzzProbe.Require(consumed >= 0 && consumed <= end - start, $"{consumed} bytes of {end - start} were consumed");
                if (status == WebSocketStatus.Message)
                {
                    Check(protocol, message, peer);
                    content = (content * 31) + InputHash.Of(message) + (protocol.IsText ? 1UL : 2);
                    messages++;
                    if (inPieces && _random.OneIn(2))
                    {
                        OfferAgain(protocol, _received.AsSpan(start, end - start), consumed, content: InputHash.Of(message));
                    }

                    protocol.MessageTaken();
                }

                start += consumed;
                FuzzProbe.Require(
                    protocol.HeldBytes <= MaxMessageBytes + (MaxFragments * WebSocketProtocol.FragmentCharge), $"{protocol.HeldBytes} bytes are held");
                FuzzProbe.Require(status != WebSocketStatus.OutOfMemory, "there was no memory");
            }
            while (status is WebSocketStatus.Progress or WebSocketStatus.Opened or WebSocketStatus.Message);
        }

        content = (content * 31) + InputHash.Of(protocol.Pongs);
        WebSocketOutcome outcome = new(status, protocol.FailureCode, protocol.FailureText, protocol.PeerCloseCode, messages, content);
        protocol.Release();
        FuzzProbe.Require(_pool.Statistics.RentedLeases == 0, "a lease was not given back");
        return outcome;
    }

    /// <summary>
    /// Oracle: a stream that ends between two messages may be repeated more often than any limit within one message allows. Earlier messages make no
    /// difference to a WebSocket.
    /// </summary>
    /// <param name="stream">The bytes of the other end; those after its last whole message are left out.</param>
    public void PlayForLong(ReadOnlySpan<byte> stream)
    {
        WebSocketProtocol protocol = Create(isOpen: true);
        (WebSocketStatus Status, int End, int Messages, ulong Content) first = PlayOnce(protocol, stream);
        protocol.Release();
        stream = stream[..first.End];
        if (first.Messages == 0)
        {
            return;
        }

        protocol = Create(isOpen: true);
        for (int round = 0; round < LongRounds; round++)
        {
            (WebSocketStatus Status, int End, int Messages, ulong Content) now = PlayOnce(protocol, stream);
            FuzzProbe.Require(
                (now.Status, now.End, now.Messages, now.Content) == (WebSocketStatus.Incomplete, first.End, first.Messages, first.Content),
                $"when it comes for the {round + 1}th time it ends {now.Status} {protocol.FailureText}, or the messages differ");
            FuzzProbe.Require(protocol is { HeldBytes: 0, LeaseCount: 0 }, $"after it came for the {round + 1}th time {protocol.HeldBytes} bytes are held");
        }

        protocol.Release();
    }

    // Up to the last boundary between two messages.
    private (WebSocketStatus Status, int End, int Messages, ulong Content) PlayOnce(WebSocketProtocol protocol, ReadOnlySpan<byte> stream)
    {
        stream.CopyTo(_received);
        int start = 0;
        int end = 0;
        int messages = 0;
        ulong content = 0;
        WebSocketStatus status;
        do
        {
            status = protocol.TryRead(_received.AsSpan(start, stream.Length - start), out int consumed, out ReadOnlySpan<byte> message);
            start += consumed;
            if (status == WebSocketStatus.Message)
            {
                messages++;
                content = (content * 31) + InputHash.Of(message) + (protocol.IsText ? 1UL : 2);
                protocol.MessageTaken();
                content = (content * 31) + InputHash.Of(protocol.Pongs);
                protocol.PongsSent();
                end = start;
            }
        }
        while (status is WebSocketStatus.Progress or WebSocketStatus.Message);
        return (status, end, messages, content);
    }

    void IEntropySource.Fill(Span<byte> destination) => destination.Clear();

    /// <summary>Oracles: a message is within its limit, text is valid, and a message that is sent again arrives unchanged.</summary>
    private void Check(WebSocketProtocol protocol, ReadOnlySpan<byte> message, WebSocketProtocol? peer)
    {
        FuzzProbe.Require(message.Length <= MaxMessageBytes, $"a message has {message.Length} bytes");
        FuzzProbe.Require(!protocol.IsText || (_settings.AcceptsText && Utf8.IsValid(message)), "a text is not UTF-8, or not wanted");
        if (peer is null)
        {
            return;
        }

        Span<byte> frame = stackalloc byte[WebSocketHeader.MaxBytes + MaxMessageBytes];
        int headerBytes = peer.HeaderBytesFor(message.Length);
        frame = frame[..(headerBytes + message.Length)];
        message.CopyTo(frame[headerBytes..]);
        peer.Seal(frame[..headerBytes], frame[headerBytes..]);
        WebSocketProtocol again = Create(isOpen: true);
        bool isSame = again.TryRead(frame, out int consumed, out ReadOnlySpan<byte> read) == WebSocketStatus.Message && read.SequenceEqual(message);
        FuzzProbe.Require(isSame && consumed == frame.Length, "a message that was sent again arrived as another");
        again.Release();
    }

    /// <summary>Oracle: a message that was not taken is offered again, unchanged.</summary>
    private static void OfferAgain(WebSocketProtocol protocol, Span<byte> received, int consumed, ulong content)
    {
        bool isMessage = protocol.TryRead(received, out int consumedAgain, out ReadOnlySpan<byte> message) == WebSocketStatus.Message;
        FuzzProbe.Require(isMessage && consumedAgain == consumed && InputHash.Of(message) == content, "a message that was offered again is another");
    }

    private static byte[] MakeAnswer()
    {
        byte[] key = new byte[WebSocketKey.KeyBytes];
        WebSocketKey.Write(new byte[WebSocketKey.NonceBytes], key);
        byte[] accept = new byte[WebSocketKey.AcceptBytes];
        WebSocketKey.WriteAccept(key, accept);
        return UpgradeResponse.Accepted.ToResponse(accept);
    }
}

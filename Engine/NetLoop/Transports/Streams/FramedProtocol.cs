using NetLoop.Buffers;
using NetLoop.Framing;

namespace NetLoop.Transports.Streams;

/// <summary>Bodies in the frames of an <see cref="IFramer"/>, one after the other.</summary>
/// <param name="framer">Finds and writes the frames.</param>
/// <param name="isStateless">Whether the framer may be shared.</param>
internal sealed class FramedProtocol(IFramer framer, bool isStateless = false) : StreamProtocol
{
    private readonly GuardedFramer? _guarded = framer as GuardedFramer;

    /// <summary>The protocol after the session's handshake; null for this one.</summary>
    public Func<StreamProtocol>? Next { get; init; }

    public override IFrameWriter Framing => framer;

    public override bool IsStateless => isStateless;

    public override bool CanSend => _guarded is not { HasFailedToWrite: true };

    /// <summary>Length of the longest frame; a wait for more bytes would never end.</summary>
    private int MaxFrameBytes =>
        framer.HeaderBytes + (framer is IFrameSealer ? FramerLimit.MaxExtraHeaderBytes : 0) + framer.MaxBodyBytes + framer.Trailer.Length;

    // In any other state input is read and discarded, so that the close is not a reset.
    public override bool Reads(ConnectionState state) => state == ConnectionState.Open;

    public override bool TryMakeRoom(StreamConnection connection, out Span<byte> room)
    {
        if (!connection.Received.IsEmpty && connection.State == ConnectionState.Open)
        {
            return TryMakeRoomBehindHeld(connection, out room);
        }

        room = connection.Scratch.Room[..connection.MaxReceiveBytes];
        return true;
    }

    public override void OnReceived(StreamConnection connection, Span<byte> bytes)
    {
        if (connection.State != ConnectionState.Open)
        {
            return;
        }

        ref ReceiveBuffer received = ref connection.Received;
        if (received.IsEmpty)
        {
            connection.Keep(bytes[Cut(connection, bytes)..]);
        }
        else
        {
            received.Received(bytes.Length);
            connection.DeliverHeld();
        }
    }

    public override int Cut(StreamConnection connection, Span<byte> bytes)
    {
        int consumed = 0;
        while (consumed < bytes.Length && connection.State == ConnectionState.Open)
        {
            FrameStatus status = framer.TryRead(bytes[consumed..], out FrameBounds frame);
            if (status == FrameStatus.Incomplete)
            {
                if (bytes.Length - consumed < MaxFrameBytes)
                {
                    break;
                }

                // The framer contradicts itself: it waits for more bytes than the longest frame it allows has.
                status = FrameStatus.TooLarge;
            }

            if (status != FrameStatus.Complete)
            {
                Reject(connection, status, bytes[consumed..]);
                return bytes.Length;
            }

            var bodies = new BodyBatch(framer, bytes[consumed..], in frame);
            if (!connection.TryDeliver(ref bodies))
            {
                break;
            }

            consumed += bodies.TakenBytes;
            if (connection.Protocol != this)
            {
                // The handshake is complete, and longer frames may follow.
                return consumed + connection.Protocol.Cut(connection, bytes[consumed..]);
            }
        }

        return consumed;
    }

    public override StreamProtocol Admit() => Next is null ? this : Next();

    private void Reject(StreamConnection connection, FrameStatus status, ReadOnlySpan<byte> bytes)
    {
        bool isTooLarge = status == FrameStatus.TooLarge;
        connection.Reject(
            isTooLarge ? CloseReason.FrameTooLarge : CloseReason.Malformed,
            isTooLarge ? DescribeTooLarge(bytes) : "A frame is malformed.");
    }

    // The first bytes of HTTP are the length of a frame of more than a gigabyte. A wrong scheme or port is the usual cause.
    private string DescribeTooLarge(ReadOnlySpan<byte> bytes) =>
        framer is LengthPrefixFramer && bytes.StartsWith("HTTP"u8) ? "The server answered in HTTP; connect with ws:// or wss://."
        : framer is LengthPrefixFramer && bytes.StartsWith("GET "u8) ? "The client speaks HTTP; WebSocket needs a listener of its own (ListenWebSocket)."
        : "A frame is longer than allowed.";

    private bool TryMakeRoomBehindHeld(StreamConnection connection, out Span<byte> room)
    {
        ref ReceiveBuffer received = ref connection.Received;
        int maxBytes = MaxFrameBytes;
        while (!received.TryMakeRoom(connection.Pool, maxBytes, out room))
        {
            if (received.Unread.Length >= maxBytes || !connection.Pool.CanEverRent(received.BlockBytes + 1))
            {
                // The block would be larger than the pool can ever give: evictions would not help.
                Reject(connection, FrameStatus.TooLarge, received.Unread);
                return false;
            }

            if (!connection.TryMakeMemoryOrDie())
            {
                return false;
            }
        }

        return true;
    }
}

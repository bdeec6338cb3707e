namespace NetLoop;

/// <summary>Cuts a byte stream into bodies, and wraps bodies into frames. Sans-I/O: bytes in, bounds out.</summary>
/// <remarks>
/// Thread: loop. An instance that keeps state between calls belongs to one connection; one that keeps none may be shared.
/// An application's own framer implements this interface and is given to a listener by <c>ListenOptions.Framer</c>.
/// </remarks>
public interface IFramer
{
    /// <summary>Longest body accepted and sent, in bytes.</summary>
    int MaxBodyBytes { get; }

    /// <summary>Bytes in front of every body sent; 0 when there are none.</summary>
    int HeaderBytes { get; }

    /// <summary>Bytes behind every body sent, at most 16; empty when there are none.</summary>
    ReadOnlySpan<byte> Trailer { get; }

    /// <summary>Looks for one frame at the front of the received bytes. Called again with the same bytes and more when the frame was incomplete.</summary>
    /// <param name="received">All bytes received and not yet consumed; at least one.</param>
    /// <param name="frame">The frame's place, when the status is Complete.</param>
    FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame);

    /// <summary>Writes the header of a frame.</summary>
    /// <param name="header">Exactly <see cref="HeaderBytes"/> bytes.</param>
    /// <param name="bodyBytes">0 to <see cref="MaxBodyBytes"/>.</param>
    void WriteHeader(Span<byte> header, int bodyBytes);
}

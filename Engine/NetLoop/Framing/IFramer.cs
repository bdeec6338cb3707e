namespace NetLoop;

/// <summary>Cuts a byte stream into bodies, and wraps bodies into frames. Sans-I/O: bytes in, bounds out.</summary>
/// <remarks>
/// Thread: loop. An instance that keeps state between calls belongs to one connection; one that keeps none may be shared.
/// An application's own framer implements this interface and is given to a listener by <c>ListenOptions.Framer</c>.
/// </remarks>
public interface IFramer : IFrameWriter
{
    /// <summary>Looks for one frame at the front of the received bytes. Called again with the same bytes and more when the frame was incomplete.</summary>
    /// <param name="received">All bytes received and not yet consumed; at least one.</param>
    /// <param name="frame">The frame's place, when the status is Complete.</param>
    /// <returns>Incomplete only while fewer bytes are there than <see cref="IFrameWriter.HeaderBytes"/>, <see cref="IFrameWriter.MaxBodyBytes"/> and
    /// <see cref="IFrameWriter.Trailer"/> add up to; with that many or more it counts as TooLarge, and the connection ends.</returns>
    FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame);
}

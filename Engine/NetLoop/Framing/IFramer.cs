namespace NetLoop;

/// <summary>Cuts a byte stream into bodies, and wraps bodies into frames. Does no I/O: it gets bytes and returns positions.</summary>
/// <remarks>
/// Thread: loop. An instance that keeps state between calls belongs to one connection; an instance without state may be shared.
/// An application's own framer implements this interface and is given to a listener by <c>ListenOptions.Framer</c>.
/// </remarks>
public interface IFramer : IFrameWriter
{
    /// <summary>Searches for one frame at the start of the received bytes. After Incomplete, it is called again with the same bytes followed by more.</summary>
    /// <param name="received">All bytes received and not yet consumed; at least one.</param>
    /// <param name="frame">The position of the frame if the status is Complete.</param>
    /// <returns>
    /// The status of the first frame. Incomplete is allowed only for fewer bytes than the sum of <see cref="IFrameWriter.HeaderBytes"/>,
    /// <see cref="IFrameWriter.MaxBodyBytes"/> and the length of <see cref="IFrameWriter.Trailer"/>. With more bytes, Incomplete counts as TooLarge and ends
    /// the connection. Headers of variable length (<see cref="IVariableFrameWriter"/>) may have 16 bytes more.
    /// </returns>
    FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame);
}

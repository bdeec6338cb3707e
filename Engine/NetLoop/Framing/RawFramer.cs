using NetLoop.Framing;

namespace NetLoop;

/// <summary>A framer without frames: each chunk of bytes that arrives from the network is one body.</summary>
/// <remarks>
/// Thread: any; it keeps no state, so one instance serves all connections. For proxies, echo servers and protocols that the application frames itself.
/// </remarks>
public sealed class RawFramer : IFramer
{
    /// <summary>Creates a framer.</summary>
    /// <param name="maxChunkBytes">Length of the longest body: 1 byte to 16 MiB; a longer chunk becomes several bodies.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
    public RawFramer(int maxChunkBytes)
    {
        FramerLimit.Check(maxChunkBytes);
        MaxBodyBytes = maxChunkBytes;
    }

    /// <inheritdoc/>
    public int MaxBodyBytes { get; }

    /// <inheritdoc/>
    public int HeaderBytes => 0;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Trailer => default;

    /// <summary>Takes all bytes received, up to the limit, as one body.</summary>
    /// <param name="received">All bytes received and not yet consumed.</param>
    /// <param name="frame">The position of the body if the status is Complete.</param>
    /// <returns>Complete, or Incomplete if there are no bytes.</returns>
    public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
    {
        int bodyBytes = Math.Min(received.Length, MaxBodyBytes);
        frame = new FrameBounds(0, bodyBytes, bodyBytes);
        return bodyBytes > 0 ? FrameStatus.Complete : FrameStatus.Incomplete;
    }

    /// <inheritdoc/>
    public void WriteHeader(Span<byte> header, int bodyBytes)
    {
    }
}

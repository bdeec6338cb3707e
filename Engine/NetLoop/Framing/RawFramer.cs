using NetLoop.Framing;

namespace NetLoop;

/// <summary>No frames at all: each chunk of bytes is a body as it arrives, cut where the sender's network cut it.</summary>
/// <remarks>
/// Thread: any; it keeps no state, so one instance serves all connections. For proxies, echo servers and protocols the application cuts itself.
/// </remarks>
public sealed class RawFramer : IFramer
{
    /// <summary>Makes a framer.</summary>
    /// <param name="maxChunkBytes">Longest body, 1 to 16 MiB; a longer chunk becomes several bodies.</param>
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
    /// <param name="frame">The body's place, when the status is Complete.</param>
    /// <returns>Complete, or Incomplete when there are no bytes.</returns>
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

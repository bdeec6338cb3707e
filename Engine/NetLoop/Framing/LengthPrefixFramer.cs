using System.Buffers.Binary;
using NetLoop.Framing;

namespace NetLoop;

/// <summary>Frames that consist of a length, as four bytes in big-endian order, and a body of that length. A body has at least one byte.</summary>
/// <remarks>Thread: any; it keeps no state, so one instance serves all connections.</remarks>
public sealed class LengthPrefixFramer : IFramer
{
    private const int PrefixBytes = sizeof(uint);

    /// <summary>Creates a framer.</summary>
    /// <param name="maxBodyBytes">Length of the longest body without the prefix: 1 byte to 16 MiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
    public LengthPrefixFramer(int maxBodyBytes)
    {
        FramerLimit.Check(maxBodyBytes);
        MaxBodyBytes = maxBodyBytes;
    }

    /// <inheritdoc/>
    public int MaxBodyBytes { get; }

    /// <inheritdoc/>
    public int HeaderBytes => PrefixBytes;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Trailer => default;

    /// <summary>Searches for one frame at the start of the received bytes.</summary>
    /// <param name="received">All bytes received and not yet consumed.</param>
    /// <param name="frame">The position of the frame if the status is Complete.</param>
    /// <returns>Complete, Incomplete, or, as soon as the prefix has arrived, Malformed for a length of 0 and TooLarge for one above the limit.</returns>
    public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
    {
        frame = default;
        if (received.Length < PrefixBytes)
        {
            return FrameStatus.Incomplete;
        }

        // Compared as unsigned before it becomes an int: 2^31 and above are too large, never negative.
        uint length = BinaryPrimitives.ReadUInt32BigEndian(received);
        if (length == 0)
        {
            return FrameStatus.Malformed;
        }

        if (length > (uint)MaxBodyBytes)
        {
            return FrameStatus.TooLarge;
        }

        int bodyBytes = (int)length;
        if (received.Length - PrefixBytes < bodyBytes)
        {
            return FrameStatus.Incomplete;
        }

        frame = new FrameBounds(PrefixBytes, bodyBytes, PrefixBytes + bodyBytes);
        return FrameStatus.Complete;
    }

    /// <inheritdoc/>
    public void WriteHeader(Span<byte> header, int bodyBytes) => BinaryPrimitives.WriteUInt32BigEndian(header, (uint)bodyBytes);
}

using NetLoop.Framing;

namespace NetLoop;

/// <summary>
/// Frames that consist of a length in variable-length form and a body of that length: seven bits a byte, the lowest first, and the top bit set in all bytes
/// but the last. Protocol Buffers and several game protocols delimit their messages like this. A body may be empty.
/// </summary>
/// <remarks>Thread: any; it keeps no state, so one instance serves all connections.</remarks>
public sealed class VarintPrefixFramer : IFramer, IVariableFrameWriter
{
    private const int BitsOfByte = 7;

    /// <summary>As many as the longest body needs.</summary>
    private const int MaxPrefixBytes = 4;

    /// <summary>Creates a framer.</summary>
    /// <param name="maxBodyBytes">Length of the longest body without the prefix: 1 byte to 16 MiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
    public VarintPrefixFramer(int maxBodyBytes)
    {
        FramerLimit.Check(maxBodyBytes);
        MaxBodyBytes = maxBodyBytes;
    }

    /// <inheritdoc/>
    public int MaxBodyBytes { get; }

    /// <inheritdoc/>
    public int HeaderBytes => 1;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Trailer => default;

    /// <inheritdoc/>
    public int HeaderBytesFor(int bodyBytes)
    {
        int bytes = 1;
        while ((bodyBytes >>= BitsOfByte) != 0)
        {
            bytes++;
        }

        return bytes;
    }

    /// <inheritdoc/>
    /// <returns>Complete, Incomplete, Malformed for a prefix of more than four bytes, or TooLarge as soon as the prefix says so.</returns>
    public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
    {
        frame = default;
        int bodyBytes = 0;
        for (int i = 0; i < MaxPrefixBytes; i++)
        {
            if (i == received.Length)
            {
                return FrameStatus.Incomplete;
            }

            bodyBytes |= (received[i] & 0x7F) << (BitsOfByte * i);
            if (bodyBytes > MaxBodyBytes)
            {
                return FrameStatus.TooLarge;
            }

            if ((received[i] & 0x80) == 0)
            {
                int prefixBytes = i + 1;
                if (received.Length - prefixBytes < bodyBytes)
                {
                    return FrameStatus.Incomplete;
                }

                frame = new FrameBounds(prefixBytes, bodyBytes, prefixBytes + bodyBytes);
                return FrameStatus.Complete;
            }
        }

        return FrameStatus.Malformed;
    }

    /// <inheritdoc/>
    public void WriteHeader(Span<byte> header, int bodyBytes)
    {
        for (int i = 0; i < header.Length - 1; i++)
        {
            header[i] = (byte)(bodyBytes | 0x80);
            bodyBytes >>= BitsOfByte;
        }

        header[^1] = (byte)bodyBytes;
    }
}

using NetLoop.Framing;

namespace NetLoop;

/// <summary>Bodies that end with a delimiter, such as lines of text.</summary>
/// <remarks>
/// Thread: loop. An instance belongs to one connection: it remembers how far it has searched, so that a body arriving byte by byte costs linear
/// time. Empty bodies are allowed. Bodies to send are not searched: a body that contains the delimiter arrives as two bodies.
/// </remarks>
public sealed class DelimitedFramer : IFramer
{
    private const int MaxDelimiterBytes = 16;

    private readonly byte[] _delimiter;
    private readonly bool _dropCarriageReturn;

    // Number of received bytes, from the first on, in which no delimiter begins.
    private int _searched;

    /// <summary>Creates a framer for one connection.</summary>
    /// <param name="delimiter">1 to 16 bytes; copied.</param>
    /// <param name="maxBodyBytes">Length of the longest body without its delimiter: 1 byte to 16 MiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
    /// <exception cref="ArgumentException">The delimiter has no bytes or more than 16.</exception>
    public DelimitedFramer(ReadOnlySpan<byte> delimiter, int maxBodyBytes)
        : this(delimiter, maxBodyBytes, dropCarriageReturn: false)
    {
    }

    private DelimitedFramer(ReadOnlySpan<byte> delimiter, int maxBodyBytes, bool dropCarriageReturn)
    {
        if (delimiter.Length is < 1 or > MaxDelimiterBytes)
        {
            throw new ArgumentException($"delimiter has {delimiter.Length} bytes; it must have 1 to {MaxDelimiterBytes}.", nameof(delimiter));
        }

        FramerLimit.Check(maxBodyBytes);
        _delimiter = delimiter.ToArray();
        _dropCarriageReturn = dropCarriageReturn;
        MaxBodyBytes = maxBodyBytes;
    }

    /// <inheritdoc/>
    public int MaxBodyBytes { get; }

    /// <inheritdoc/>
    public int HeaderBytes => 0;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Trailer => _delimiter;

    /// <summary>Creates a framer for lines that end with \n or \r\n when received, and with \n when sent.</summary>
    /// <param name="maxLineBytes">Length of the longest line: 1 byte to 16 MiB; a \r before the \n counts, but is not part of the body.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
    public static DelimitedFramer Lines(int maxLineBytes)
    {
        FramerLimit.Check(maxLineBytes);
        return new DelimitedFramer("\n"u8, maxLineBytes, dropCarriageReturn: true);
    }

    /// <summary>Searches for one body at the start of the received bytes.</summary>
    /// <param name="received">All bytes received and not yet consumed; after Incomplete, the same bytes followed by more.</param>
    /// <param name="frame">The position of the body if the status is Complete.</param>
    /// <returns>Complete, Incomplete, or TooLarge as soon as the body exceeds the limit; never Malformed.</returns>
    public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
    {
        frame = default;

        // A delimiter beyond these bytes would end a body above the limit, so a flood without a delimiter is not searched to its end.
        int maxFrameBytes = MaxBodyBytes + _delimiter.Length;
        ReadOnlySpan<byte> allowed = received[..Math.Min(received.Length, maxFrameBytes)];
        int found = allowed[_searched..].IndexOf(_delimiter);
        if (found < 0)
        {
            // The last bytes may be the beginning of a delimiter.
            _searched = Math.Max(0, allowed.Length - (_delimiter.Length - 1));
            return allowed.Length == maxFrameBytes ? FrameStatus.TooLarge : FrameStatus.Incomplete;
        }

        int bodyBytes = _searched + found;
        int frameBytes = bodyBytes + _delimiter.Length;
        _searched = 0;
        if (_dropCarriageReturn && bodyBytes > 0 && received[bodyBytes - 1] == (byte)'\r')
        {
            bodyBytes--;
        }

        frame = new FrameBounds(0, bodyBytes, frameBytes);
        return FrameStatus.Complete;
    }

    /// <inheritdoc/>
    public void WriteHeader(Span<byte> header, int bodyBytes)
    {
    }
}

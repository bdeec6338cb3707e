namespace NetLoop;

/// <summary>Wraps bodies into frames: the sending half of a framing.</summary>
/// <remarks>Thread: loop.</remarks>
public interface IFrameWriter
{
    /// <summary>Length of the longest body accepted and sent, in bytes.</summary>
    int MaxBodyBytes { get; }

    /// <summary>Length of the header in front of every body sent, in bytes; 0 for none.</summary>
    int HeaderBytes { get; }

    /// <summary>The bytes that follow every body sent, at most 16; empty for none.</summary>
    ReadOnlySpan<byte> Trailer { get; }

    /// <summary>Writes the header of a frame.</summary>
    /// <param name="header">Exactly <see cref="HeaderBytes"/> bytes.</param>
    /// <param name="bodyBytes">0 to <see cref="MaxBodyBytes"/>.</param>
    void WriteHeader(Span<byte> header, int bodyBytes);
}

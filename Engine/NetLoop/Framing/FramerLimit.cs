using System.Runtime.CompilerServices;

namespace NetLoop.Framing;

/// <summary>Limits of a framer's properties.</summary>
internal static class FramerLimit
{
    /// <summary>Maximum length of a body. With header and trailer it still fits into the largest block of the buffer pool.</summary>
    public const int MaxBodyBytes = 16 << 20;

    /// <summary>Maximum length of a header, in front of a body.</summary>
    public const int MaxHeaderBytes = 64;

    /// <summary>How much longer than its usual length a header of variable length may be.</summary>
    public const int MaxExtraHeaderBytes = 16;

    /// <summary>Maximum length of a trailer, which follows a body.</summary>
    public const int MaxTrailerBytes = 16;

    /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
    public static void Check(int maxBytes, [CallerArgumentExpression(nameof(maxBytes))] string? name = null)
    {
        if (maxBytes is < 1 or > MaxBodyBytes)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} is {maxBytes}; it must be 1 to {MaxBodyBytes} (16 MiB).");
        }
    }
}

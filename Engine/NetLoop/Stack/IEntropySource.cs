namespace NetLoop;

/// <summary>The source of randomness. A simulation uses a seeded one.</summary>
public interface IEntropySource
{
    /// <summary>Fills the span with unpredictable bytes.</summary>
    /// <remarks>Thread: loop. Errors: none.</remarks>
    void Fill(Span<byte> destination);
}

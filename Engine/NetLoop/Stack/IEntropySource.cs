namespace NetLoop;

/// <summary>Where randomness enters: session ids, resume tokens, back-off jitter. A simulation gives a seeded one.</summary>
public interface IEntropySource
{
    /// <summary>Fills the span with unpredictable bytes.</summary>
    /// <remarks>Thread: loop. Errors: none.</remarks>
    void Fill(Span<byte> destination);
}

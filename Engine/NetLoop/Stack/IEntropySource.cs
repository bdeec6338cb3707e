namespace NetLoop;

/// <summary>
/// The source of randomness, also for the keys of UDP connections and connect tokens: anything but a cryptographic source lets attackers in. A simulation,
/// which has no real network, uses a seeded one.
/// </summary>
public interface IEntropySource
{
    /// <summary>Fills the span with unpredictable bytes.</summary>
    /// <remarks>Thread: any loop, and threads that create connect tokens. Errors: none.</remarks>
    void Fill(Span<byte> destination);
}

using System.Security.Cryptography;

namespace NetLoop.Stack;

/// <summary>The operating system's random number generator, suitable for keys and tokens.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class SystemEntropy : IEntropySource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}

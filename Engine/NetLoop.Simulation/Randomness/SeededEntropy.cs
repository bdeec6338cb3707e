using System.Runtime.InteropServices;

namespace NetLoop.Simulation;

/// <summary>The engine's randomness in a simulation.</summary>
internal sealed class SeededEntropy(SeededRandom random) : IEntropySource
{
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            MemoryMarshal.Write(destination, random.NextUInt64());
            destination = destination[sizeof(ulong)..];
        }

        ulong last = random.NextUInt64();
        MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in last))[..destination.Length].CopyTo(destination);
    }
}

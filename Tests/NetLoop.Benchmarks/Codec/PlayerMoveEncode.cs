using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="PlayerMove"/>: u32, 4 f32, u8.</summary>
public class PlayerMoveEncode() : EncodeBenchmarks<PlayerMove>(Samples.Move, SampleJson.Default.PlayerMove)
{
    /// <inheritdoc/>
    [Benchmark(Baseline = true)]
    public override int ByHand() => HandWritten.WriteMove(Memory, in Value);
}

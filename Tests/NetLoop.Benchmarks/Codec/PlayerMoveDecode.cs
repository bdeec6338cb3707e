using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="PlayerMove"/>: u32, 4 f32, u8.</summary>
public class PlayerMoveDecode() : DecodeBenchmarks<PlayerMove>(Samples.Move, SampleJson.Default.PlayerMove)
{
    /// <inheritdoc/>
    [Benchmark(Baseline = true)]
    public override bool ByHand() => HandWritten.TryReadMove(Bytes, out Target);
}

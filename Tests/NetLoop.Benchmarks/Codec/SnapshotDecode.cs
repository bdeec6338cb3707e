using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="Snapshot"/>: u32 and 100 entities, in an array of their own.</summary>
public class SnapshotDecode() : DecodeBenchmarks<Snapshot>(Samples.Snapshot, SampleJson.Default.Snapshot)
{
    /// <inheritdoc/>
    [Benchmark(Baseline = true)]
    public override bool ByHand() => HandWritten.TryReadSnapshot(Bytes, out Target);
}

using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="Snapshot"/>: u32 and 100 entities, in a new array.</summary>
public class SnapshotDecode() : DecodeBenchmarks<Snapshot>(Samples.Snapshot, SampleJson.Default.Snapshot)
{
    /// <inheritdoc/>
    [Benchmark(Baseline = true)]
    public override bool ByHand() => HandWritten.TryReadSnapshot(Bytes, out Target);
}

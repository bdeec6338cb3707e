using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="Snapshot"/>: u32 and 100 entities.</summary>
public class SnapshotEncode() : EncodeBenchmarks<Snapshot>(Samples.Snapshot, SampleJson.Default.Snapshot)
{
    /// <inheritdoc/>
    [Benchmark(Baseline = true)]
    public override int ByHand() => HandWritten.WriteSnapshot(Memory, Value.Tick, Value.Entities);
}

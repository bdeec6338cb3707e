using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary>A move into memory that is there already, as a session encodes into its send queue.</summary>
public class PlayerMoveEncode
{
    private readonly byte[] _bytes = new byte[256];
    private readonly PlayerMove _move = Samples.Move;

    [Benchmark(Baseline = true)]
    public int ByHand() => HandWritten.WriteMove(_bytes, in _move);

    [Benchmark]
    public int NetLoop()
    {
        MessagePackWriter writer = new(_bytes);
        Contract.Write(ref writer, in _move);
        return writer.BytesWritten;
    }
}

using System.Text;
using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="Chat"/>: u32 and 60 characters.</summary>
public class ChatDecode() : DecodeBenchmarks<Chat>(Samples.Chat, SampleJson.Default.Chat)
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(Samples.Chat.Text);

    /// <inheritdoc/>
    [Benchmark(Baseline = true)]
    public override bool ByHand() => HandWritten.TryReadChat(Bytes, out Target);

    [Benchmark]
    public string Utf8Alone() => Encoding.UTF8.GetString(_text);
}

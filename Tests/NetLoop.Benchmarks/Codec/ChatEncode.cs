using System.Text;
using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="Chat"/>: u32 and 60 ASCII characters.</summary>
public class ChatEncode : EncodeBenchmarks<Chat>
{
    public ChatEncode()
        : this(Samples.Chat)
    {
    }

    private protected ChatEncode(Chat chat)
        : base(chat, SampleJson.Default.Chat)
    {
    }

    /// <inheritdoc/>
    [Benchmark(Baseline = true)]
    public override int ByHand() => HandWritten.WriteChat(Memory, in Value);

    [Benchmark]
    public int Utf8Alone() => Encoding.UTF8.GetBytes(Value.Text, Memory);
}

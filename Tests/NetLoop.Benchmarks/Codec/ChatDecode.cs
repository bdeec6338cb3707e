using System.Text;
using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="Chat"/>: u32 and 60 ASCII characters.</summary>
public class ChatDecode : DecodeBenchmarks<Chat>
{
    private readonly byte[] _text;

    public ChatDecode()
        : this(Samples.Chat)
    {
    }

    private protected ChatDecode(Chat chat)
        : base(chat, SampleJson.Default.Chat) => _text = Encoding.UTF8.GetBytes(chat.Text);

    /// <inheritdoc/>
    [Benchmark(Baseline = true)]
    public override bool ByHand() => HandWritten.TryReadChat(Bytes, out Target);

    [Benchmark]
    public string Utf8Alone() => Encoding.UTF8.GetString(_text);
}

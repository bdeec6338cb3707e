using MessagePack;

namespace NetLoop.Benchmarks.Codec;

/// <summary>A line of text.</summary>
[MessagePackObject]
public readonly partial record struct Chat([property: Key(0)] uint From, [property: Key(1)] string Text);

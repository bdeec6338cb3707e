using MessagePack;
using PackageKey = MessagePack.KeyAttribute;

namespace NetLoop.Benchmarks.Codec;

/// <summary>A line of text.</summary>
[MessagePackObject]
public readonly partial record struct Chat([property: PackageKey(0)] uint From, [property: PackageKey(1)] string Text);

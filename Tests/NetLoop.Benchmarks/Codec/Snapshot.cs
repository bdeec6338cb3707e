using MessagePack;

namespace NetLoop.Benchmarks.Codec;

/// <summary>A server's message for each tick.</summary>
[MessagePackObject]
public readonly partial record struct Snapshot([property: Key(0)] uint Tick, [property: Key(1)] Entity[] Entities);

using MessagePack;
using PackageKey = MessagePack.KeyAttribute;

namespace NetLoop.Benchmarks.Codec;

/// <summary>What a server sends at every tick.</summary>
[MessagePackObject]
public readonly partial record struct Snapshot([property: PackageKey(0)] uint Tick, [property: PackageKey(1)] Entity[] Entities);

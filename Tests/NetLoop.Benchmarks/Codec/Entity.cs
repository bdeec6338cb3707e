using MessagePack;
using PackageKey = MessagePack.KeyAttribute;

namespace NetLoop.Benchmarks.Codec;

/// <summary>One of the things that a <see cref="Snapshot"/> is made of.</summary>
[MessagePackObject]
public readonly partial record struct Entity(
    [property: PackageKey(0)] ushort Id,
    [property: PackageKey(1)] float X,
    [property: PackageKey(2)] float Y,
    [property: PackageKey(3)] float Z,
    [property: PackageKey(4)] float Yaw,
    [property: PackageKey(5)] byte State);

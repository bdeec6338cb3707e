using MessagePack;

namespace NetLoop.Benchmarks.Codec;

/// <summary>An element of a <see cref="Snapshot"/>.</summary>
[MessagePackObject]
public readonly partial record struct Entity(
    [property: Key(0)] ushort Id,
    [property: Key(1)] float X,
    [property: Key(2)] float Y,
    [property: Key(3)] float Z,
    [property: Key(4)] float Yaw,
    [property: Key(5)] byte State);

using MessagePack;
using PackageKey = MessagePack.KeyAttribute;

namespace NetLoop.Benchmarks.Codec;

/// <summary>What a client sends at every tick. Annotated for MessagePack-CSharp, so that both libraries have the same type.</summary>
[MessagePackObject]
public readonly partial record struct PlayerMove(
    [property: PackageKey(0)] uint Tick,
    [property: PackageKey(1)] float X,
    [property: PackageKey(2)] float Y,
    [property: PackageKey(3)] float Z,
    [property: PackageKey(4)] float Yaw,
    [property: PackageKey(5)] byte Buttons);

using MessagePack;

namespace NetLoop.Benchmarks.Codec;

/// <summary>What a client sends at every tick. Annotated for MessagePack-CSharp, so that both libraries have the same type.</summary>
[MessagePackObject]
public readonly partial record struct PlayerMove(
    [property: Key(0)] uint Tick,
    [property: Key(1)] float X,
    [property: Key(2)] float Y,
    [property: Key(3)] float Z,
    [property: Key(4)] float Yaw,
    [property: Key(5)] byte Buttons);

using MessagePack;

namespace NetLoop.Benchmarks.Codec;

/// <summary>A client's message for each tick. Annotated for MessagePack-CSharp, so that both libraries use the same type.</summary>
[MessagePackObject]
public readonly partial record struct PlayerMove(
    [property: Key(0)] uint Tick,
    [property: Key(1)] float X,
    [property: Key(2)] float Y,
    [property: Key(3)] float Z,
    [property: Key(4)] float Yaw,
    [property: Key(5)] byte Buttons);

namespace NetLoop.Demo.Echo;

/// <summary>A player's move; echoed unchanged.</summary>
[NetMessage(100)]
internal readonly partial record struct PlayerMove(
    [property: Key(0)] uint Sequence,
    [property: Key(1)] float X,
    [property: Key(2)] float Y,
    [property: Key(3)] float Z,
    [property: Key(4)] float Yaw,
    [property: Key(5)] byte Buttons);

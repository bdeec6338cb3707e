namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary>The same members as the demo's PlayerMove, sent unreliably.</summary>
[NetMessage(110, Delivery = Delivery.Unreliable)]
internal readonly partial record struct UnreliableMove(
    [property: Key(0)] uint Sequence,
    [property: Key(1)] float X,
    [property: Key(2)] float Y,
    [property: Key(3)] float Z,
    [property: Key(4)] float Yaw,
    [property: Key(5)] byte Buttons);

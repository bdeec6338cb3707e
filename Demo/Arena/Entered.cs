namespace NetLoop.Demo.Arena;

/// <summary>Server to client: the response to <see cref="Join"/>. The client is now in the arena.</summary>
/// <param name="Id">The id of the client's entity.</param>
/// <param name="Tick">The last tick before the client's first snapshot; the first <see cref="Nearby"/> has a higher number.</param>
/// <param name="TickRate">Ticks a second.</param>
/// <param name="X">The start position.</param>
/// <param name="Y">The start position.</param>
[NetMessage(111)]
internal readonly partial record struct Entered(
    [property: Key(0)] uint Id,
    [property: Key(1)] long Tick,
    [property: Key(2)] int TickRate,
    [property: Key(3)] float X,
    [property: Key(4)] float Y);

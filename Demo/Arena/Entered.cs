namespace NetLoop.Demo.Arena;

/// <summary>Server to client, the answer to <see cref="Join"/>: you are in the arena.</summary>
/// <param name="Id">Your entity.</param>
/// <param name="Tick">The last tick before your first; the first <see cref="Nearby"/> has one more.</param>
/// <param name="TickRate">Steps a second.</param>
/// <param name="X">Where you begin.</param>
/// <param name="Y">Where you begin.</param>
[NetMessage(111)]
internal readonly partial record struct Entered(
    [property: Key(0)] uint Id,
    [property: Key(1)] long Tick,
    [property: Key(2)] int TickRate,
    [property: Key(3)] float X,
    [property: Key(4)] float Y);

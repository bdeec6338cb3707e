namespace NetLoop.Demo.Arena;

/// <summary>Server to client, each tick: where you are and who is near you.</summary>
/// <param name="Tick">One more than in the message before.</param>
/// <param name="Acknowledged">The sequence of the last <see cref="Steer"/> that had arrived when the step was made; 0 before the first.</param>
/// <param name="X">Your position.</param>
/// <param name="Y">Your position.</param>
/// <param name="Entities">Those you see, nearest first, without yourself.</param>
[NetMessage(113)]
internal readonly partial record struct Nearby(
    [property: Key(0)] long Tick,
    [property: Key(1)] uint Acknowledged,
    [property: Key(2)] float X,
    [property: Key(3)] float Y,
    [property: Key(4)] List<NearbyEntity> Entities);

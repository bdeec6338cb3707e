namespace NetLoop.Demo.Arena;

/// <summary>Server to client, each tick: the position of the client's entity and the entities near it. Some may be skipped.</summary>
/// <param name="Tick">The number of the step; always more than in the previous message.</param>
/// <param name="Acknowledged">The sequence number of the last <see cref="Steer"/> that arrived before the step; 0 before the first.</param>
/// <param name="X">The position of the client's entity.</param>
/// <param name="Y">The position of the client's entity.</param>
/// <param name="Entities">The entities that it sees, nearest first, without itself.</param>
[NetMessage(113, Delivery = Delivery.Sequenced)]
internal readonly partial record struct Nearby(
    [property: Key(0)] long Tick,
    [property: Key(1)] uint Acknowledged,
    [property: Key(2)] float X,
    [property: Key(3)] float Y,
    [property: Key(4)] List<NearbyEntity> Entities);

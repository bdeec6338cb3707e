using NetLoop.Demo.Arena;

namespace NetLoop.Demo.Page;

/// <summary>Server to page, twenty times a second: the entities in the part of the arena that the page shows.</summary>
/// <param name="Tick">The tick after which they were collected.</param>
/// <param name="Entities">The entities; at most as many as fit well into a message.</param>
/// <param name="Transports">How each of them is connected, one byte each: see <see cref="NetLoop.Demo.Bots.BotTransport"/>.</param>
[NetMessage(132, Delivery = Delivery.Sequenced)]
internal readonly partial record struct Seen(
    [property: Key(0)] long Tick,
    [property: Key(1)] List<NearbyEntity> Entities,
    [property: Key(2)] ReadOnlyMemory<byte> Transports);

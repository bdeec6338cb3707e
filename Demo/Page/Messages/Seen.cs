using NetLoop.Demo.Arena;

namespace NetLoop.Demo.Page;

/// <summary>Server to page, twenty times a second: who is inside the area of interest.</summary>
/// <param name="Tick">The step it shows.</param>
/// <param name="Entities">At most as many as fit a message comfortably.</param>
[NetMessage(132)]
internal readonly partial record struct Seen(
    [property: Key(0)] long Tick,
    [property: Key(1)] List<NearbyEntity> Entities);

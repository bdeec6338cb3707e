namespace NetLoop.Demo.Arena;

/// <summary>An entity as another one sees it.</summary>
[NetContract]
internal readonly partial record struct NearbyEntity(
    [property: Key(0)] uint Id,
    [property: Key(1)] float X,
    [property: Key(2)] float Y);

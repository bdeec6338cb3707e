namespace NetLoop.Demo.Page;

/// <summary>Page to server: the part of the arena to show from now on.</summary>
/// <param name="X">The center.</param>
/// <param name="Y">The center.</param>
/// <param name="Radius">The distance from the center that is shown.</param>
[NetMessage(131)]
internal readonly partial record struct Look(
    [property: Key(0)] float X,
    [property: Key(1)] float Y,
    [property: Key(2)] float Radius);

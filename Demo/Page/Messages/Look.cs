namespace NetLoop.Demo.Page;

/// <summary>Page to server: where in the arena to look from now on.</summary>
/// <param name="X">The middle of what is seen.</param>
/// <param name="Y">The middle of what is seen.</param>
/// <param name="Radius">How far it is seen around there.</param>
[NetMessage(131)]
internal readonly partial record struct Look(
    [property: Key(0)] float X,
    [property: Key(1)] float Y,
    [property: Key(2)] float Radius);

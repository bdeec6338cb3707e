namespace NetLoop.Demo.Arena;

/// <summary>Client to server: where to go from now on.</summary>
/// <param name="Sequence">1 for the first, then one more each time.</param>
/// <param name="X">Direction to the right; a direction longer than 1 counts as 1.</param>
/// <param name="Y">Direction upwards.</param>
[NetMessage(112)]
internal readonly partial record struct Steer(
    [property: Key(0)] uint Sequence,
    [property: Key(1)] float X,
    [property: Key(2)] float Y);

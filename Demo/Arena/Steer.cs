namespace NetLoop.Demo.Arena;

/// <summary>Client to server: the direction to move in from now on. A newer one replaces it, so it need not arrive.</summary>
/// <param name="Sequence">1 for the first message, and one more for each that follows.</param>
/// <param name="X">Direction to the right; a direction longer than 1 counts as 1.</param>
/// <param name="Y">Direction upwards.</param>
[NetMessage(112, Delivery = Delivery.Sequenced)]
internal readonly partial record struct Steer(
    [property: Key(0)] uint Sequence,
    [property: Key(1)] float X,
    [property: Key(2)] float Y);

namespace NetLoop.Demo.Page;

/// <summary>Server to page, four times a second: the approximate positions of all entities.</summary>
/// <param name="Positions">Two bytes for each entity, x and y, where 255 is the far side of the world.</param>
[NetMessage(133)]
internal readonly partial record struct Overview([property: Key(0)] ReadOnlyMemory<byte> Positions);

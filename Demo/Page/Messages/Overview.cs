namespace NetLoop.Demo.Page;

/// <summary>Server to page, four times a second: roughly where everybody is.</summary>
/// <param name="Positions">Two bytes each, x and y, where 255 is the world's far side.</param>
[NetMessage(133)]
internal readonly partial record struct Overview([property: Key(0)] ReadOnlyMemory<byte> Positions);

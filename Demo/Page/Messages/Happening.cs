namespace NetLoop.Demo.Page;

/// <summary>Server to page: something worth a line.</summary>
/// <param name="Time">Milliseconds since the server began.</param>
/// <param name="Kind">Chooses how the line looks.</param>
/// <param name="Text">For people.</param>
[NetMessage(135)]
internal readonly partial record struct Happening(
    [property: Key(0)] long Time,
    [property: Key(1)] HappeningKind Kind,
    [property: Key(2)] string Text);

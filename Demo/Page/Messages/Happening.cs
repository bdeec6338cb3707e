namespace NetLoop.Demo.Page;

/// <summary>Server to page: something worth a line.</summary>
/// <param name="Id">The same as that of an earlier line when this one takes its place: a count has grown.</param>
/// <param name="ElapsedMilliseconds">Since the server began.</param>
/// <param name="Kind">Chooses how the line looks.</param>
/// <param name="Text">A sentence for people.</param>
/// <param name="LateMilliseconds">How late a tick was; 0 for everything else.</param>
[NetMessage(135)]
internal readonly partial record struct Happening(
    [property: Key(0)] int Id,
    [property: Key(1)] long ElapsedMilliseconds,
    [property: Key(2)] HappeningKind Kind,
    [property: Key(3)] string Text,
    [property: Key(4)] float LateMilliseconds);

namespace NetLoop.Demo.Page;

/// <summary>Server to page: an event for the event list.</summary>
/// <param name="Id">Equal to that of an earlier event that this one replaces, for example because a count has grown.</param>
/// <param name="ElapsedMilliseconds">Time since the server began.</param>
/// <param name="Kind">Determines how the event looks.</param>
/// <param name="Text">A sentence for people.</param>
/// <param name="LateMilliseconds">How late a tick was; 0 for everything else.</param>
[NetMessage(135)]
internal readonly partial record struct Happening(
    [property: Key(0)] int Id,
    [property: Key(1)] long ElapsedMilliseconds,
    [property: Key(2)] HappeningKind Kind,
    [property: Key(3)] string Text,
    [property: Key(4)] float LateMilliseconds);

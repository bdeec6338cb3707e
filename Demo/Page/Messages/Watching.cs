namespace NetLoop.Demo.Page;

/// <summary>What a page needs to know before anything moves.</summary>
/// <param name="WorldSize">Width and height of the arena.</param>
/// <param name="TickRate">Steps a second.</param>
/// <param name="MayControl">Whether this page's controls are accepted.</param>
/// <param name="Limits">What its controls can be set to at most.</param>
/// <param name="Controls">What they are set to.</param>
[NetContract]
internal readonly partial record struct Watching(
    [property: Key(0)] float WorldSize,
    [property: Key(1)] int TickRate,
    [property: Key(2)] bool MayControl,
    [property: Key(3)] Controls Limits,
    [property: Key(4)] Controls Controls);

namespace NetLoop.Demo.Page;

/// <summary>What a page needs to know before anything moves.</summary>
/// <param name="WorldSize">Width and height of the arena.</param>
/// <param name="TickRate">Steps a second.</param>
/// <param name="MayControl">Whether this page's controls are accepted.</param>
/// <param name="Limits">What its controls can be set to at most.</param>
/// <param name="Initial">What they were set to when the server began.</param>
/// <param name="Controls">What they are set to.</param>
/// <param name="History">The last minute, oldest first: at most <see cref="VitalsHistory.MaxSamples"/>.</param>
/// <param name="Happenings">The last lines, oldest first, with the worst: at most <see cref="HappeningBoard.MaxKept"/>.</param>
[NetContract]
internal readonly partial record struct Watching(
    [property: Key(0)] float WorldSize,
    [property: Key(1)] int TickRate,
    [property: Key(2)] bool MayControl,
    [property: Key(3)] Controls Limits,
    [property: Key(4)] Controls Initial,
    [property: Key(5)] Controls Controls,
    [property: Key(6)] List<Vitals> History,
    [property: Key(7)] List<Happening> Happenings);

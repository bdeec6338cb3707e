namespace NetLoop.Demo.Page;

/// <summary>The data that a page needs first.</summary>
/// <param name="WorldSize">Width and height of the arena.</param>
/// <param name="TickRate">Ticks a second.</param>
/// <param name="MayControl">Whether this page's controls are accepted.</param>
/// <param name="Limits">The maximum values of the controls.</param>
/// <param name="Initial">The values of the controls when the server began.</param>
/// <param name="Controls">The current values of the controls.</param>
/// <param name="History">The samples of the last minute, oldest first: at most <see cref="VitalsHistory.MaxSamples"/>.</param>
/// <param name="Happenings">The last events, oldest first, including the worst one: at most <see cref="HappeningBoard.MaxKept"/>.</param>
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

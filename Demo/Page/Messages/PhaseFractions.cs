namespace NetLoop.Demo.Page;

/// <summary>
/// The share of its time, 0 to 1, that a loop spent in each phase of its iterations. All are 0 while one iteration takes longer than a sample.
/// </summary>
/// <param name="Clock">See <see cref="LoopPhase.Clock"/>.</param>
/// <param name="Wait">See <see cref="LoopPhase.Wait"/>.</param>
/// <param name="Accept">See <see cref="LoopPhase.Accept"/>.</param>
/// <param name="Receive">See <see cref="LoopPhase.Receive"/>.</param>
/// <param name="Handle">See <see cref="LoopPhase.Handle"/>.</param>
/// <param name="Timers">See <see cref="LoopPhase.Timers"/>.</param>
/// <param name="Tick">See <see cref="LoopPhase.Tick"/>.</param>
/// <param name="Flush">See <see cref="LoopPhase.Flush"/>.</param>
/// <param name="Close">See <see cref="LoopPhase.Close"/>.</param>
[NetContract]
internal readonly partial record struct PhaseFractions(
    [property: Key(0)] float Clock,
    [property: Key(1)] float Wait,
    [property: Key(2)] float Accept,
    [property: Key(3)] float Receive,
    [property: Key(4)] float Handle,
    [property: Key(5)] float Timers,
    [property: Key(6)] float Tick,
    [property: Key(7)] float Flush,
    [property: Key(8)] float Close);

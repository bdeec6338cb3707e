namespace NetLoop.Demo.Page;

/// <summary>Page to server, a request: sets the controls. The response has the values that are now set.</summary>
/// <param name="Bots">Number of bots.</param>
/// <param name="Rate">Messages that each bot sends a second; at least 1.</param>
/// <param name="HandlerMicroseconds">How long the handler of each steering message computes.</param>
/// <param name="SlowReaders">Number of clients that request a lot of data and do not read it.</param>
/// <param name="GarbageSenders">Number of clients that send random bytes.</param>
/// <param name="LossPercent">The share of the packets of bots on UDP that are lost, in each direction.</param>
/// <param name="LatencyMilliseconds">The delay of those packets, in each direction.</param>
/// <param name="JitterMilliseconds">Maximum difference from the delay.</param>
[NetMessage(136)]
internal readonly partial record struct Controls(
    [property: Key(0)] int Bots,
    [property: Key(1)] int Rate,
    [property: Key(2)] int HandlerMicroseconds,
    [property: Key(3)] int SlowReaders,
    [property: Key(4)] int GarbageSenders,
    [property: Key(5)] int LossPercent,
    [property: Key(6)] int LatencyMilliseconds,
    [property: Key(7)] int JitterMilliseconds) : INetRequest<Controls>
{
    /// <summary>Limits each value to the range from its minimum to the given maximum.</summary>
    public Controls Limit(in Controls most) => new(
        Math.Clamp(Bots, 0, most.Bots),
        Math.Clamp(Rate, 1, most.Rate),
        Math.Clamp(HandlerMicroseconds, 0, most.HandlerMicroseconds),
        Math.Clamp(SlowReaders, 0, most.SlowReaders),
        Math.Clamp(GarbageSenders, 0, most.GarbageSenders),
        Math.Clamp(LossPercent, 0, most.LossPercent),
        Math.Clamp(LatencyMilliseconds, 0, most.LatencyMilliseconds),
        Math.Clamp(JitterMilliseconds, 0, most.JitterMilliseconds));
}

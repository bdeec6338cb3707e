namespace NetLoop.Demo.Page;

/// <summary>Page to server, a request: what hurts the server and how much. The answer is what it is set to now.</summary>
/// <param name="Bots">Bots that play.</param>
/// <param name="Rate">Messages that each of them sends in a second; at least 1.</param>
/// <param name="HandlerMicroseconds">How long the handler of each steering message computes.</param>
/// <param name="SlowReaders">Clients that ask for much and read nothing.</param>
/// <param name="GarbageSenders">Clients that send random bytes.</param>
[NetMessage(136)]
internal readonly partial record struct Controls(
    [property: Key(0)] int Bots,
    [property: Key(1)] int Rate,
    [property: Key(2)] int HandlerMicroseconds,
    [property: Key(3)] int SlowReaders,
    [property: Key(4)] int GarbageSenders) : INetRequest<Controls>
{
    /// <summary>Each brought into the range from what is least to what is given.</summary>
    public Controls Limit(in Controls most) => new(
        Math.Clamp(Bots, 0, most.Bots),
        Math.Clamp(Rate, 1, most.Rate),
        Math.Clamp(HandlerMicroseconds, 0, most.HandlerMicroseconds),
        Math.Clamp(SlowReaders, 0, most.SlowReaders),
        Math.Clamp(GarbageSenders, 0, most.GarbageSenders));
}

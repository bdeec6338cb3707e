namespace NetLoop.Demo.Echo;

/// <summary>A request: how often does one number go into another?</summary>
[NetMessage(101)]
internal readonly partial record struct Divide(
    [property: Key(0)] double Value,
    [property: Key(1)] double By) : INetRequest<Quotient>;

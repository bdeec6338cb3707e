namespace NetLoop.Demo.Echo;

/// <summary>A request: the quotient of two numbers.</summary>
[NetMessage(101)]
internal readonly partial record struct Divide(
    [property: Key(0)] double Value,
    [property: Key(1)] double By) : INetRequest<Quotient>;

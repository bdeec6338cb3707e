namespace NetLoop.Demo.Echo;

/// <summary>The response to <see cref="Divide"/>.</summary>
[NetContract]
internal readonly partial record struct Quotient([property: Key(0)] double Value);

namespace NetLoop.Demo.Echo;

/// <summary>The answer to <see cref="Divide"/>.</summary>
[NetContract]
internal readonly partial record struct Quotient([property: Key(0)] double Value);

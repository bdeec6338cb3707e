namespace NetLoop.Demo.Page;

/// <summary>Page to server, a request: stop the loop's thread for a while, as a collection of garbage would.</summary>
/// <param name="Milliseconds">How long; at most two seconds are taken.</param>
[NetMessage(137)]
internal readonly partial record struct PauseLoop([property: Key(0)] int Milliseconds) : INetRequest<Controls>;

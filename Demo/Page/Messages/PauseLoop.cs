namespace NetLoop.Demo.Page;

/// <summary>Page to server, a request: stop the loop's thread for a while, as a garbage collection would.</summary>
/// <param name="Milliseconds">How long; at most two seconds.</param>
[NetMessage(137)]
internal readonly partial record struct PauseLoop([property: Key(0)] int Milliseconds) : INetRequest<Controls>;

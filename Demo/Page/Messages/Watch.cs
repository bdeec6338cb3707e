namespace NetLoop.Demo.Page;

/// <summary>Page to server, a request: show me the demo from now on.</summary>
[NetMessage(130)]
internal readonly partial record struct Watch : INetRequest<Watching>;

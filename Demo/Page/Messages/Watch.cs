namespace NetLoop.Demo.Page;

/// <summary>Page to server, a request: sends the page the demo's data from now on.</summary>
[NetMessage(130)]
internal readonly partial record struct Watch : INetRequest<Watching>;

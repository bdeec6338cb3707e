namespace NetLoop.Demo.Page;

/// <summary>What a command line says about the live page.</summary>
/// <param name="Http">Where the page is served.</param>
/// <param name="WebSocket">Where its data comes from.</param>
/// <param name="Origins">Origins of the page beside those that follow from where it is served.</param>
/// <param name="ControlFromAnywhere">Whether controls are accepted from other machines.</param>
internal sealed record PageSettings(NetEndpoint Http, NetEndpoint WebSocket, IReadOnlyList<string> Origins, bool ControlFromAnywhere);

namespace NetLoop.Stack;

/// <summary>The host name of an endpoint that has no address yet.</summary>
/// <param name="Host">The name in lower case.</param>
/// <param name="Target">The target of a WebSocket; null for none.</param>
internal sealed record EndpointName(string Host, string? Target);

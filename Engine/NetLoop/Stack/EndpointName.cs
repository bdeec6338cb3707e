namespace NetLoop.Stack;

/// <summary>A host name that stands for the address of an endpoint.</summary>
/// <param name="Host">In lower case.</param>
/// <param name="Target">Of a WebSocket; null for none.</param>
internal sealed record EndpointName(string Host, string? Target);

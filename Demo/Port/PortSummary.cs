namespace NetLoop.Demo.Port;

/// <summary>What <c>netloop port --json</c> prints.</summary>
/// <param name="Port">The port.</param>
/// <param name="Holders">The processes that held it at first; empty if none did.</param>
/// <param name="IsFree">Whether the port is free now; null without <c>--kill</c>, or if no process held it.</param>
internal sealed record PortSummary(int Port, IReadOnlyList<PortHolderSummary> Holders, bool? IsFree);

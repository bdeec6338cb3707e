namespace NetLoop.Demo.Port;

/// <summary>What <c>netloop port --json</c> prints.</summary>
/// <param name="Port">The port that was looked for.</param>
/// <param name="Holders">Empty when nobody holds it.</param>
internal sealed record PortSummary(int Port, IReadOnlyList<PortHolderSummary> Holders);

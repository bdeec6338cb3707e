namespace NetLoop.Demo.Port;

/// <summary>What <c>netloop port --json</c> prints.</summary>
/// <param name="Port">The port that was looked for.</param>
/// <param name="Holders">Those who held it at first; empty when nobody did.</param>
/// <param name="IsFree">Whether nobody holds it any more; null without <c>--kill</c>, or when nobody held it.</param>
internal sealed record PortSummary(int Port, IReadOnlyList<PortHolderSummary> Holders, bool? IsFree);

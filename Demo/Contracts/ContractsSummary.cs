namespace NetLoop.Demo.Contracts;

/// <summary>What <c>netloop contracts check</c> found, for machines.</summary>
/// <param name="Fingerprint">The fingerprint of the assembly's contracts, in hexadecimal.</param>
/// <param name="Written">Whether the lock file was written.</param>
/// <param name="Compatible">Changes that do not affect old programs.</param>
/// <param name="Breaking">Changes that break old programs.</param>
internal sealed record ContractsSummary(string Fingerprint, bool Written, IReadOnlyList<string> Compatible, IReadOnlyList<string> Breaking);

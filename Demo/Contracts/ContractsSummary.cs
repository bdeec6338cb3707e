namespace NetLoop.Demo.Contracts;

/// <summary>What <c>netloop contracts check</c> found, for machines.</summary>
/// <param name="Fingerprint">Of the assembly's contracts, in hexadecimal.</param>
/// <param name="Written">The lock file was written.</param>
/// <param name="Compatible">Changes that old programs do not notice.</param>
/// <param name="Breaking">Changes that they do.</param>
internal sealed record ContractsSummary(string Fingerprint, bool Written, IReadOnlyList<string> Compatible, IReadOnlyList<string> Breaking);

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>What <c>netloop contracts typescript</c> wrote, for programs.</summary>
/// <param name="File">The script.</param>
/// <param name="Fingerprint">The fingerprint of the assembly's contracts, in hexadecimal.</param>
/// <param name="Messages">The number of contracts with a message number.</param>
/// <param name="Contracts">The number of other contracts.</param>
internal sealed record TypeScriptSummary(string File, string Fingerprint, int Messages, int Contracts);

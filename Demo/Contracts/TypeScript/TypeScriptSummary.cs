namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>What <c>netloop contracts typescript</c> wrote, for machines.</summary>
/// <param name="File">The script.</param>
/// <param name="Fingerprint">Of the assembly's contracts, in hexadecimal.</param>
/// <param name="Messages">Contracts with a number.</param>
/// <param name="Contracts">Contracts without one.</param>
internal sealed record TypeScriptSummary(string File, string Fingerprint, int Messages, int Contracts);

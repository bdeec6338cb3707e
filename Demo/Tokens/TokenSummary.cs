namespace NetLoop.Demo.Tokens;

/// <summary>What <c>netloop token</c> made, for programs.</summary>
/// <param name="Key">Path of the key.</param>
/// <param name="IsNewKey">Whether the key was made now.</param>
/// <param name="Token">Path of the token; null if none was made.</param>
/// <param name="ClientId">The client's number; null if no token was made.</param>
internal sealed record TokenSummary(string Key, bool IsNewKey, string? Token, ulong? ClientId);

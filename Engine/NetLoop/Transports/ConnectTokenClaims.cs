namespace NetLoop;

/// <summary>What the connect token of a client on UDP says about it. Nobody without the key can have made it.</summary>
/// <param name="ClientId">The client's number, chosen when the token was made.</param>
/// <param name="UserData">The application's data in the token: 256 bytes, padded with zeros. May be kept.</param>
public readonly record struct ConnectTokenClaims(ulong ClientId, ReadOnlyMemory<byte> UserData);

namespace NetLoop;

/// <summary>What a client shows before its session opens.</summary>
/// <param name="Remote">Where it comes from.</param>
/// <param name="Token">The bytes of its Hello; empty when it sent none. A copy: the authenticator may keep it.</param>
public readonly record struct AuthenticationRequest(NetEndpoint Remote, ReadOnlyMemory<byte> Token);

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The settings of a <see cref="NetcodeServer"/>.</summary>
internal sealed class NetcodeServerOptions
{
    /// <summary>The application's protocol; a token for another one is dropped.</summary>
    public required ulong ProtocolId { get; init; }

    /// <summary>The keys of tokens, the current one first: while a key is replaced, both are valid.</summary>
    public required IReadOnlyList<byte[]> Keys { get; init; }

    /// <summary>The addresses by which tokens name this server; empty to accept tokens for any address.</summary>
    public DatagramAddress[] PublicAddresses { get; init; } = [];

    /// <summary>Whether the keys outlive the server, so that a token may have been used before the server started.</summary>
    public bool AreKeysShared { get; init; }

    /// <summary>Longest time for which a token may be valid, in seconds.</summary>
    public long MaxTokenSeconds { get; init; } = 3600;

    /// <summary>Number of clients that may be between request and response.</summary>
    public int MaxPending { get; init; } = 1024;

    /// <summary>Number of tokens that are remembered.</summary>
    public int MaxUsedTokens { get; init; } = 65_536;

    /// <summary>Number of clients, which clients are told.</summary>
    public uint MaxClients { get; init; } = uint.MaxValue;
}

using NetLoop.Stack;
using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop;

/// <summary>
/// A connect token of netcode 1.02: it lets one client connect over UDP to the servers that it names, until it expires. Whoever has the key can make it: the
/// server, or a service of the game after its login.
/// </summary>
/// <remarks>Thread: any; immutable. The token contains keys, so it must reach the client over an encrypted connection.</remarks>
public sealed class ConnectToken
{
    /// <summary>Number of bytes of a token.</summary>
    public const int Length = ConnectTokenFormat.PublicBytes;

    /// <summary>Maximum number of bytes of user data.</summary>
    public const int MaxUserDataBytes = ConnectTokenFormat.UserDataBytes;

    /// <summary>The protocol id of applications that set none.</summary>
    public const ulong DefaultProtocolId = 0x4E65_744C_6F6F_7001;

    private static readonly SystemEntropy SystemRandom = new();

    private readonly byte[] _bytes;

    private ConnectToken(byte[] ownedBytes) => _bytes = ownedBytes;

    /// <summary>The bytes to give to the client.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The addresses of the servers. A client connects to the one that it is told to connect to, or to the first if that is not one of them.</summary>
    public IReadOnlyList<NetEndpoint> Servers
    {
        get
        {
            _ = ConnectTokenFormat.TryRead(_bytes, out PublicToken token);
            return [.. token.Servers.ToArray().Select(static server => server.ToEndpoint())];
        }
    }

    /// <summary>Creates a token.</summary>
    /// <param name="key">The key that the servers have too.</param>
    /// <param name="servers">1 to 32 UDP endpoints with IP addresses: those that clients connect to.</param>
    /// <param name="clientId">The client's number. A client that connects with the number of a connected one takes its place.</param>
    /// <param name="userData">Data for the server, which the client cannot read: at most 256 bytes.</param>
    /// <param name="lifetime">How long the token is valid; null for 30 seconds. At most an hour.</param>
    /// <param name="timeout">Silence after which the connection is over; null for 10 seconds.</param>
    /// <param name="protocolId">The application's protocol id, the same as the servers'.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public static ConnectToken Create(
        ConnectTokenKey key,
        IReadOnlyList<NetEndpoint> servers,
        ulong clientId,
        ReadOnlySpan<byte> userData = default,
        TimeSpan? lifetime = null,
        TimeSpan? timeout = null,
        ulong protocolId = DefaultProtocolId,
        TimeProvider? time = null) => Create(key, servers, clientId, userData, lifetime, timeout, protocolId, time, SystemRandom);

    /// <summary>Creates a token whose keys come from the randomness of a loop.</summary>
    internal static ConnectToken Create(
        ConnectTokenKey key,
        IReadOnlyList<NetEndpoint> servers,
        ulong clientId,
        ReadOnlySpan<byte> userData,
        TimeSpan? lifetime,
        TimeSpan? timeout,
        ulong protocolId,
        TimeProvider? time,
        IEntropySource entropy)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(servers);
        long seconds = (long)Math.Ceiling((lifetime ?? TimeSpan.FromSeconds(30)).TotalSeconds);
        if (seconds is < 1 or > 3600)
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A connect token is valid for 1 second to 1 hour.");
        }

        bool areValid = servers.All(static server => server is { Transport: TransportKind.Udp, IsResolved: true });
        if (!areValid || servers.Count is < 1 or > ConnectTokenFormat.MaxServers)
        {
            throw new ArgumentException("A connect token names 1 to 32 UDP endpoints with IP addresses.", nameof(servers));
        }

        if (userData.Length > MaxUserDataBytes)
        {
            throw new ArgumentException(
                $"A connect token has room for {MaxUserDataBytes} bytes of user data, and this has {userData.Length}.", nameof(userData));
        }

        Sodium.Load();
        ulong now = (ulong)(time ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds();
        int timeoutSeconds = (int)Math.Clamp(Math.Ceiling((timeout ?? TimeSpan.FromSeconds(10)).TotalSeconds), 1, 3600);
        Span<byte> random = stackalloc byte[Sodium.LongNonceBytes + (2 * Sodium.KeyBytes)];
        entropy.Fill(random);
        byte[] bytes = new byte[Length];
        var content = new PublicToken(
            protocolId,
            now,
            now + (ulong)seconds,
            random[..Sodium.LongNonceBytes],
            timeoutSeconds,
            [.. servers.Select(static server => DatagramAddress.From(server))],
            random.Slice(Sodium.LongNonceBytes, Sodium.KeyBytes),
            random[^Sodium.KeyBytes..]);
        ConnectTokenFormat.Write(bytes, content, userData, clientId, key.Bytes);
        return new ConnectToken(bytes);
    }

    /// <summary>Reads the bytes of a token.</summary>
    /// <exception cref="FormatException">The bytes are not a connect token.</exception>
    public static ConnectToken Parse(ReadOnlySpan<byte> bytes) => ConnectTokenFormat.TryRead(bytes, out _)
        ? new ConnectToken(bytes.ToArray())
        : throw new FormatException($"These {bytes.Length} bytes are not a connect token of netcode 1.02.");

    /// <summary>Returns a text without the keys.</summary>
    public override string ToString() => $"connect token for {string.Join(", ", Servers)}";
}

using System.Buffers.Binary;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>Writes and reads connect tokens.</summary>
/// <remarks>Source: netcode 1.02, STANDARD.md, "Connect Token".</remarks>
internal static class ConnectTokenFormat
{
    /// <summary>Length of a public token.</summary>
    public const int PublicBytes = 2048;

    /// <summary>Length of the encrypted part, which only servers with the key can read.</summary>
    public const int PrivateBytes = 1024;

    /// <summary>Longest body with a public token: the response to a client that asks for one.</summary>
    public const int MaxBodyBytes = PublicBytes + 32;

    public const int UserDataBytes = 256;
    public const int MaxServers = 32;

    private const int AssociatedBytes = NetcodePacket.VersionBytes + 8 + 8;
    private const byte IPv4 = 1;
    private const byte IPv6 = 2;

    /// <summary>Writes a public token.</summary>
    public static void Write(Span<byte> token, in PublicToken content, ReadOnlySpan<byte> userData, ulong clientId, ReadOnlySpan<byte> key)
    {
        token.Clear();
        var writer = new TokenWriter(token);
        writer.Write(NetcodePacket.Version);
        writer.Write(content.ProtocolId);
        writer.Write(content.CreateTimestamp);
        writer.Write(content.ExpireTimestamp);
        writer.Write(content.Nonce);
        Span<byte> secret = writer.Take(PrivateBytes);
        WritePrivate(secret, content, userData, clientId);
        SealPrivate(secret, content.ProtocolId, content.ExpireTimestamp, content.Nonce, key);
        writer.Write((uint)content.TimeoutSeconds);
        WriteServers(ref writer, content.Servers);
        writer.Write(content.ClientToServerKey);
        writer.Write(content.ServerToClientKey);
    }

    /// <summary>Writes the content of the private part, without encrypting it.</summary>
    public static void WritePrivate(Span<byte> secret, in PublicToken content, ReadOnlySpan<byte> userData, ulong clientId)
    {
        var writer = new TokenWriter(secret);
        writer.Write(clientId);
        writer.Write((uint)content.TimeoutSeconds);
        WriteServers(ref writer, content.Servers);
        writer.Write(content.ClientToServerKey);
        writer.Write(content.ServerToClientKey);
        userData.CopyTo(writer.Take(UserDataBytes));
    }

    public static void SealPrivate(Span<byte> secret, ulong protocolId, ulong expireTimestamp, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        Span<byte> associated = stackalloc byte[AssociatedBytes];
        WriteAssociated(associated, protocolId, expireTimestamp);
        Aead.SealLong(secret, associated, nonce, key);
    }

    public static bool TryOpenPrivate(Span<byte> secret, ulong protocolId, ulong expireTimestamp, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        Span<byte> associated = stackalloc byte[AssociatedBytes];
        WriteAssociated(associated, protocolId, expireTimestamp);
        return Aead.TryOpenLong(secret, associated, nonce, key);
    }

    /// <summary>Reads the decrypted private part.</summary>
    /// <returns>False if it is malformed.</returns>
    public static bool TryReadPrivate(ReadOnlySpan<byte> secret, out PrivateToken token)
    {
        token = default;
        var reader = new TokenReader(secret);
        ulong clientId = reader.ReadUInt64();
        int timeout = (int)reader.ReadUInt32();
        ReadOnlySpan<byte> servers = reader.Rest;
        int serverCount = SkipServers(ref reader);
        if (serverCount < 1)
        {
            return false;
        }

        servers = servers[..^reader.Rest.Length];
        ReadOnlySpan<byte> clientToServer = reader.Take(Sodium.KeyBytes);
        ReadOnlySpan<byte> serverToClient = reader.Take(Sodium.KeyBytes);
        ReadOnlySpan<byte> userData = reader.Take(UserDataBytes);
        if (reader.HasFailed)
        {
            return false;
        }

        token = new PrivateToken(clientId, timeout, servers, clientToServer, serverToClient, userData);
        return true;
    }

    /// <summary>Reads a public token.</summary>
    /// <returns>False if it is malformed, or of another version.</returns>
    public static bool TryRead(ReadOnlySpan<byte> token, out PublicToken content)
    {
        content = default;
        if (token.Length != PublicBytes)
        {
            return false;
        }

        var reader = new TokenReader(token);
        bool isVersion = reader.Take(NetcodePacket.VersionBytes).SequenceEqual(NetcodePacket.Version);
        ulong protocolId = reader.ReadUInt64();
        ulong created = reader.ReadUInt64();
        ulong expires = reader.ReadUInt64();
        ReadOnlySpan<byte> nonce = reader.Take(Sodium.LongNonceBytes);
        ReadOnlySpan<byte> secret = reader.Take(PrivateBytes);
        int timeout = (int)reader.ReadUInt32();
        if (!isVersion || created > expires || !TryReadServers(ref reader, out DatagramAddress[] servers))
        {
            return false;
        }

        ReadOnlySpan<byte> clientToServer = reader.Take(Sodium.KeyBytes);
        ReadOnlySpan<byte> serverToClient = reader.Take(Sodium.KeyBytes);
        if (reader.HasFailed)
        {
            return false;
        }

        content = new PublicToken(protocolId, created, expires, nonce, timeout, servers, clientToServer, serverToClient) { Secret = secret };
        return true;
    }

    /// <summary>Whether a list of servers, as the private part has it, names an address.</summary>
    public static bool Contains(ReadOnlySpan<byte> servers, ReadOnlySpan<DatagramAddress> addresses)
    {
        var reader = new TokenReader(servers);
        if (TryReadServers(ref reader, out DatagramAddress[] listed))
        {
            foreach (DatagramAddress address in addresses)
            {
                if (listed.AsSpan().Contains(address))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void WriteAssociated(Span<byte> associated, ulong protocolId, ulong expireTimestamp)
    {
        NetcodePacket.Version.CopyTo(associated);
        BinaryPrimitives.WriteUInt64LittleEndian(associated[NetcodePacket.VersionBytes..], protocolId);
        BinaryPrimitives.WriteUInt64LittleEndian(associated[(NetcodePacket.VersionBytes + 8)..], expireTimestamp);
    }

    private static void WriteServers(ref TokenWriter writer, ReadOnlySpan<DatagramAddress> servers)
    {
        writer.Write((uint)servers.Length);
        Span<byte> address = stackalloc byte[16];
        foreach (DatagramAddress server in servers)
        {
            BinaryPrimitives.WriteUInt128BigEndian(address, server.Address);
            if (server.IsIPv4)
            {
                writer.Write(IPv4);
                writer.Write(address[12..]);
            }
            else
            {
                writer.Write(IPv6);
                for (int i = 0; i < address.Length; i += 2)
                {
                    writer.Write(BinaryPrimitives.ReadUInt16BigEndian(address[i..]));
                }
            }

            writer.Write(server.Port);
        }
    }

    private static bool TryReadServers(ref TokenReader reader, out DatagramAddress[] servers)
    {
        servers = [];
        uint count = reader.ReadUInt32();
        if (count is < 1 or > MaxServers)
        {
            return false;
        }

        servers = new DatagramAddress[count];
        Span<byte> address = stackalloc byte[16];
        for (int i = 0; i < servers.Length; i++)
        {
            if (!TryReadAddress(ref reader, address))
            {
                return false;
            }

            servers[i] = new DatagramAddress(BinaryPrimitives.ReadUInt128BigEndian(address), reader.ReadUInt16());
        }

        return !reader.HasFailed;
    }

    private static int SkipServers(ref TokenReader reader)
    {
        uint count = reader.ReadUInt32();
        if (count is < 1 or > MaxServers)
        {
            return -1;
        }

        Span<byte> address = stackalloc byte[16];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadAddress(ref reader, address))
            {
                return -1;
            }

            reader.ReadUInt16();
        }

        return reader.HasFailed ? -1 : (int)count;
    }

    private static bool TryReadAddress(ref TokenReader reader, scoped Span<byte> address)
    {
        address.Clear();
        switch (reader.ReadByte())
        {
            case IPv4:
                address[10] = 0xFF;
                address[11] = 0xFF;
                return reader.TryCopyTo(address[12..]);

            case IPv6:
                for (int i = 0; i < address.Length; i += 2)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(address[i..], reader.ReadUInt16());
                }

                return !reader.HasFailed;

            default:
                return false;
        }
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>Writes and reads encrypted packets: <c>[type | bytes of the number &lt;&lt; 4] [packet number, little-endian] [encrypted content]</c>.</summary>
/// <remarks>Source: netcode 1.02, STANDARD.md, "Encrypted Packets".</remarks>
internal static class NetcodePacket
{
    /// <summary>Longest header: the first byte, and a packet number of up to eight bytes.</summary>
    public const int MaxHeaderBytes = 9;

    /// <summary>Bytes of the authentication code at the end.</summary>
    public const int MacBytes = Sodium.MacBytes;

    /// <summary>Most bytes that a packet adds to its payload.</summary>
    public const int MaxOverheadBytes = MaxHeaderBytes + MacBytes;

    /// <summary>Length of a connection request.</summary>
    public const int RequestBytes = 1 + VersionBytes + 8 + 8 + Sodium.LongNonceBytes + ConnectTokenFormat.PrivateBytes;

    public const int VersionBytes = 13;

    /// <summary>Bytes that are authenticated with each packet: the version, the protocol id, and the first byte.</summary>
    public const int AssociatedBytes = VersionBytes + 8 + 1;

    /// <summary>Longest packet that is not a payload: a response to a challenge.</summary>
    public const int MaxControlBytes = MaxOverheadBytes + 8 + ChallengeToken.Bytes;

    private const int FirstWithReplayCheck = (int)NetcodePacketType.KeepAlive;

    /// <summary>Random first numbers have 62 bits: a connection never counts up to those of challenges and denials, which begin at 2^63.</summary>
    private const ulong RandomSequenceMask = (1UL << 62) - 1;

    public static ReadOnlySpan<byte> Version => "NETCODE 1.02\0"u8;

    /// <summary>Fills the part of the associated data that all packets of a protocol share.</summary>
    public static void WriteAssociated(Span<byte> associated, ulong protocolId)
    {
        Version.CopyTo(associated);
        BinaryPrimitives.WriteUInt64LittleEndian(associated[VersionBytes..], protocolId);
    }

    /// <summary>Returns the first packet number of a connection whose keys may be used again, by another connection or another server.</summary>
    /// <remarks>Two connections of 2^32 packets each have a number in common once in 2^29 cases. The numbers take up to 7 bytes more in each packet.</remarks>
    public static ulong RandomSequence(IEntropySource entropy)
    {
        Span<byte> random = stackalloc byte[8];
        entropy.Fill(random);
        return BinaryPrimitives.ReadUInt64LittleEndian(random) & RandomSequenceMask;
    }

    /// <summary>Encrypts a packet in place.</summary>
    /// <param name="buffer">Content at <see cref="MaxHeaderBytes"/>, with <see cref="MacBytes"/> of room after it.</param>
    /// <param name="contentBytes">Length of the content.</param>
    /// <param name="type">The type.</param>
    /// <param name="sequence">The packet number, never used twice with the same key.</param>
    /// <param name="protocolId">The application's protocol.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="start">The index at which the packet begins.</param>
    /// <returns>Length of the packet.</returns>
    public static int Seal(
        Span<byte> buffer, int contentBytes, NetcodePacketType type, ulong sequence, ulong protocolId, ReadOnlySpan<byte> key, out int start)
    {
        int sequenceBytes = BytesOf(sequence);
        start = MaxHeaderBytes - 1 - sequenceBytes;
        byte prefix = (byte)((byte)type | (sequenceBytes << 4));
        buffer[start] = prefix;
        ulong rest = sequence;
        for (int i = 1; i <= sequenceBytes; i++)
        {
            buffer[start + i] = (byte)rest;
            rest >>= 8;
        }

        Span<byte> associated = stackalloc byte[AssociatedBytes];
        WriteAssociated(associated, protocolId);
        associated[^1] = prefix;
        Aead.Seal(buffer.Slice(MaxHeaderBytes, contentBytes + MacBytes), associated, sequence, key);
        return 1 + sequenceBytes + contentBytes + MacBytes;
    }

    /// <summary>Reads the unencrypted header of a packet that is not a request.</summary>
    /// <returns>False if the packet cannot be valid.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> packet, out NetcodePacketType type, out ulong sequence, out int headerBytes)
    {
        type = default;
        sequence = 0;
        headerBytes = 0;
        if (packet.IsEmpty)
        {
            return false;
        }

        int sequenceBytes = packet[0] >> 4;
        type = (NetcodePacketType)(packet[0] & 0xF);
        if (type is NetcodePacketType.Request or > NetcodePacketType.Disconnect || sequenceBytes is < 1 or > 8)
        {
            return false;
        }

        headerBytes = 1 + sequenceBytes;
        int contentBytes = packet.Length - headerBytes - MacBytes;
        if (contentBytes < 0 || !IsLengthOf(type, contentBytes))
        {
            return false;
        }

        for (int i = sequenceBytes; i >= 1; i--)
        {
            sequence = (sequence << 8) | packet[i];
        }

        return true;
    }

    /// <summary>Decrypts a packet in place, unless it is a replay.</summary>
    /// <param name="packet">The packet, whose header has been read.</param>
    /// <param name="type">Its type.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="headerBytes">Length of its header.</param>
    /// <param name="protocolId">The application's protocol.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="replays">Moved only if the packet is authentic.</param>
    /// <param name="content">The content.</param>
    /// <returns>False for a packet to drop.</returns>
    public static bool TryOpen(
        Span<byte> packet,
        NetcodePacketType type,
        ulong sequence,
        int headerBytes,
        ulong protocolId,
        ReadOnlySpan<byte> key,
        ref ReplayWindow replays,
        out Span<byte> content)
    {
        content = default;
        bool isChecked = (int)type >= FirstWithReplayCheck;
        if (isChecked && replays.IsReplay(sequence))
        {
            return false;
        }

        Span<byte> associated = stackalloc byte[AssociatedBytes];
        WriteAssociated(associated, protocolId);
        associated[^1] = packet[0];
        if (!Aead.TryOpen(packet[headerBytes..], associated, sequence, key))
        {
            return false;
        }

        if (isChecked)
        {
            replays.Accept(sequence);
        }

        content = packet[headerBytes..^MacBytes];
        return true;
    }

    private static int BytesOf(ulong sequence) => Math.Max(1, (BitOperations.Log2(sequence | 1) / 8) + 1);

    private static bool IsLengthOf(NetcodePacketType type, int bytes) => type switch
    {
        NetcodePacketType.Denied or NetcodePacketType.Disconnect => bytes == 0,
        NetcodePacketType.Challenge or NetcodePacketType.Response => bytes == 8 + ChallengeToken.Bytes,
        NetcodePacketType.KeepAlive => bytes == 8,
        NetcodePacketType.Payload => bytes >= 1,
        _ => false,
    };
}

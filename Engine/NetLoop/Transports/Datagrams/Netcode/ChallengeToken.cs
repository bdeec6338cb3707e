using System.Buffers.Binary;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>What a server gives a client to send back from its address: it proves that the client receives there, and the server remembers nothing.</summary>
/// <remarks>Source: netcode 1.02, STANDARD.md, "Challenge Token".</remarks>
internal static class ChallengeToken
{
    /// <summary>Length of an encrypted token.</summary>
    public const int Bytes = 300;

    /// <summary>Writes and encrypts a token.</summary>
    public static void Write(Span<byte> token, ulong clientId, ReadOnlySpan<byte> userData, ulong sequence, ReadOnlySpan<byte> key)
    {
        token.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(token, clientId);
        userData.CopyTo(token[8..]);
        Aead.Seal(token, [], sequence, key);
    }

    /// <summary>Decrypts a token in place.</summary>
    /// <returns>False if it is not authentic.</returns>
    public static bool TryRead(Span<byte> token, ulong sequence, ReadOnlySpan<byte> key, out ulong clientId, out ReadOnlySpan<byte> userData)
    {
        clientId = 0;
        userData = default;
        if (!Aead.TryOpen(token, [], sequence, key))
        {
            return false;
        }

        clientId = BinaryPrimitives.ReadUInt64LittleEndian(token);
        userData = token.Slice(8, ConnectTokenFormat.UserDataBytes);
        return true;
    }
}

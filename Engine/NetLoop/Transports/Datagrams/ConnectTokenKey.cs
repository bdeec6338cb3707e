using System.Security.Cryptography;

namespace NetLoop;

/// <summary>
/// The key with which connect tokens are made and checked: 32 secret bytes, shared by all servers of a game and the services that make tokens.
/// </summary>
/// <remarks>Thread: any; immutable. Its text form does not show the bytes.</remarks>
public sealed class ConnectTokenKey
{
    /// <summary>Number of bytes of a key.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes;

    /// <summary>Creates a key from its bytes.</summary>
    /// <param name="bytes">32 bytes from a cryptographic random source.</param>
    /// <exception cref="ArgumentException">There are more or fewer than 32 bytes.</exception>
    public ConnectTokenKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A key of connect tokens has {Length} bytes, and this has {bytes.Length}.", nameof(bytes));
        }

        _bytes = bytes.ToArray();
    }

    internal byte[] Bytes => _bytes;

    /// <summary>Creates a random key.</summary>
    public static ConnectTokenKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Creates a key from the randomness of a loop.</summary>
    internal static ConnectTokenKey Create(IEntropySource entropy)
    {
        Span<byte> bytes = stackalloc byte[Length];
        entropy.Fill(bytes);
        return new ConnectTokenKey(bytes);
    }

    /// <summary>Reads a key from its text form: 44 characters of base64.</summary>
    /// <exception cref="FormatException">The text is not a key.</exception>
    public static ConnectTokenKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> bytes = stackalloc byte[Length];
        string trimmed = text.Trim();
        return Convert.TryFromBase64String(trimmed, bytes, out int written) && written == Length
            ? new ConnectTokenKey(bytes)
            : throw new FormatException(
                $"A key of connect tokens is {Length} bytes in base64 (44 characters), and this text of {trimmed.Length} characters is not.");
    }

    /// <summary>Returns the secret text form, to be kept in a file that only the servers can read; <see cref="Parse"/> reads it back.</summary>
    public string Export() => Convert.ToBase64String(_bytes);

    /// <summary>Returns a text without the secret bytes.</summary>
    public override string ToString() => "connect token key";
}

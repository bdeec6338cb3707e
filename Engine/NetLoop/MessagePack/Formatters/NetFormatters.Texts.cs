using System.Diagnostics.CodeAnalysis;

namespace NetLoop.CompilerServices;

public static partial class NetFormatters
{
    // Four 32-bit numbers and three dots.
    private const int MaxVersionChars = 43;

    private const int VersionBytes = 32;

    // A Uri keeps its text, its parts, and the text with escaped characters.
    private const int UriBytes = 256;
    private const int UriBytesPerChar = 8;

    /// <summary>Formats <see cref="global::System.Version"/> as a string such as 1.2.3.4.</summary>
    public readonly struct Version : INetFormatter<System.Version>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Version value)
        {
            if (value is null)
            {
                ThrowNull<System.Version>();
            }

            Span<byte> text = stackalloc byte[MaxVersionChars];
            value.TryFormat(text, out int written);
            writer.WriteUtf8(text[..written]);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Version value)
        {
            value = null;
            return reader.TryRead(out string? text)
                && reader.TryCharge(VersionBytes)
                && (System.Version.TryParse(text, out value) || reader.Fail(DecodeStatus.OutOfRange));
        }
    }

    /// <summary>Formats <see cref="global::System.Uri"/>, absolute or relative, as the string that it was created from.</summary>
    public readonly struct Uri : INetFormatter<System.Uri>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Uri value)
        {
            if (value is null)
            {
                ThrowNull<System.Uri>();
            }

            writer.Write(value.OriginalString);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Uri value)
        {
            value = null;
            return reader.TryRead(out string? text)
                && reader.TryCharge(UriBytes + (UriBytesPerChar * (long)text.Length))
                && (System.Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out value) || reader.Fail(DecodeStatus.OutOfRange));
        }
    }
}

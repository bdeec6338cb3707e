using System.Diagnostics.CodeAnalysis;

namespace NetLoop.CompilerServices;

public static partial class NetFormatters
{
    /// <summary>Formats a contract with the codec that it names.</summary>
    public readonly struct Coded<T, TCodec> : INetFormatter<T>
        where TCodec : IMessageCodec
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in T value) => TCodec.Write(ref writer, in value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out T value) => TCodec.TryRead(ref reader, out value);
    }
}

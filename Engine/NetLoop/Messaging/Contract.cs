using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Messaging;

/// <summary>Calls the static members of a contract's interface, which types implement explicitly.</summary>
internal static class Contract
{
    public static void Write<T>(ref NetWriter writer, in T value)
        where T : INetContract<T> => T.Write(ref writer, in value);

    /// <summary>Reads a value that must be the last part of the body.</summary>
    public static bool TryReadLast<T>(ref NetReader reader, [MaybeNullWhen(false)] out T value)
        where T : INetContract<T> => T.TryRead(ref reader, out value) && reader.Remaining == 0;
}

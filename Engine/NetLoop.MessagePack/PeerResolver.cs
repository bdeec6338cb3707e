using System.Runtime.CompilerServices;
using MessagePack;
using MessagePack.Formatters;

namespace NetLoop;

/// <summary>Wraps the application's resolver: checks the stack before each object, and checks multidimensional arrays.</summary>
/// <remarks>
/// Formatters ask the resolver for the formatters of their members each time. A depth limit alone is not enough: a class with a hundred matrices overflows
/// 256 KiB at depth 64, both when a peer's bytes are read and when references that form a cycle are written. With the check, deep nesting ends with an
/// exception and not with the end of the process.
/// </remarks>
internal sealed class PeerResolver(IFormatterResolver inner) : IFormatterResolver
{
    /// <exception cref="InsufficientExecutionStackException">There is little stack left.</exception>
    public IMessagePackFormatter<T>? GetFormatter<T>()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        IMessagePackFormatter<T>? formatter = inner.GetFormatter<T>();
        return typeof(T).IsArray && typeof(T).GetArrayRank() > 1 && formatter is not null ? GridFormatter<T>.Around(formatter) : formatter;
    }
}

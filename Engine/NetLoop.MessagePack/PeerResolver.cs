using System.Runtime.CompilerServices;
using MessagePack;
using MessagePack.Formatters;

namespace NetLoop;

/// <summary>
/// Stands between formatters and the resolver of the application: looks at the stack before each object, and at arrays of several
/// dimensions.
/// </summary>
/// <remarks>
/// Formatters ask the resolver for those of their members each time. Depth alone says too little: a class with a hundred matrices overflows
/// 256 KiB at depth 64, in
/// reading what a peer sent and in writing references that form a circle. What nests ends in an exception, and not in the end of the process.
/// </remarks>
internal sealed class PeerResolver(IFormatterResolver inner) : IFormatterResolver
{
    /// <exception cref="InsufficientExecutionStackException">There is little left.</exception>
    public IMessagePackFormatter<T>? GetFormatter<T>()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        IMessagePackFormatter<T>? formatter = inner.GetFormatter<T>();
        return typeof(T).IsArray && typeof(T).GetArrayRank() > 1 && formatter is not null ? GridFormatter<T>.Around(formatter) : formatter;
    }
}

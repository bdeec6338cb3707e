using System.Runtime.CompilerServices;
using MessagePack;
using MessagePack.Formatters;

namespace NetLoop;

/// <summary>Looks at the stack before each object: a value that nests ends in an exception, and not in the end of the process.</summary>
/// <remarks>
/// Formatters ask the resolver for those of their members each time. Depth alone says too little: a class with a hundred matrices overflows 256 KiB at depth 64, in
/// reading what a peer sent and in writing references that form a circle.
/// </remarks>
internal sealed class StackGuard(IFormatterResolver inner) : IFormatterResolver
{
    /// <exception cref="InsufficientExecutionStackException">There is little left.</exception>
    public IMessagePackFormatter<T>? GetFormatter<T>()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return inner.GetFormatter<T>();
    }
}

using NetLoop.CompilerServices;

namespace NetLoop.MessagePack.Formatters;

/// <summary>Memory that is taken for a value before anything of it is read, found once for each type.</summary>
internal static class EmptyValue<T, TFormatter>
    where TFormatter : INetFormatter<T>
{
    // Deeper, contracts that are initialized inside each other count as the objects they are. Two that name each other would have no end.
    private const int MaxDepth = 3;

    public static readonly int Bytes = TFormatter.EmptyBytes(MaxDepth);
}

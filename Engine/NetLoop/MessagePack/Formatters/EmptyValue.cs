using NetLoop.CompilerServices;

namespace NetLoop.MessagePack.Formatters;

/// <summary>The memory charged for a value before its members are read, computed once for each type.</summary>
internal static class EmptyValue<T, TFormatter>
    where TFormatter : INetFormatter<T>
{
    // Below this depth, nested contracts are charged when they are created. Without a limit, two contracts that contain each other would never end.
    private const int MaxDepth = 3;

    public static readonly int Bytes = TFormatter.EmptyBytes(MaxDepth);
}

using MessagePack;
using MessagePack.Formatters;

namespace NetLoop;

/// <summary>Formats multidimensional arrays, and rejects those with many rows and no elements.</summary>
/// <remarks>
/// Nine bytes from a peer create an array with a thousand million empty rows at once, but writing it iterates over all rows: 2 seconds each time that a
/// server forwards it.
/// </remarks>
internal sealed class GridFormatter<T>(IMessagePackFormatter<T> inner) : IMessagePackFormatter<T>
{
    /// <summary>Maximum number of rows of an array without elements; arrays with elements are limited by their content.</summary>
    private const long MaxEmptyRows = 65_536;

    // Usually there is only one, because applications have one resolver.
    private static GridFormatter<T>? _last;

    private readonly IMessagePackFormatter<T> _inner = inner;

    /// <summary>Returns the same object for the same formatter.</summary>
    public static GridFormatter<T> Around(IMessagePackFormatter<T> formatter)
    {
        GridFormatter<T>? last = _last;
        return last?._inner == formatter ? last : _last = new GridFormatter<T>(formatter);
    }

    public void Serialize(ref MessagePackWriter writer, T value, MessagePackSerializerOptions options) => _inner.Serialize(ref writer, value, options);

    public T Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        T value = _inner.Deserialize(ref reader, options);
        if (value is Array { Length: 0 } empty)
        {
            long rows = 1;
            for (int dimension = 0; dimension < empty.Rank; dimension++)
            {
                rows *= Math.Max(1, empty.GetLength(dimension));
                if (rows > MaxEmptyRows)
                {
                    throw new MessagePackSerializationException("An array has no elements and more rows than it may have.");
                }
            }
        }

        return value;
    }
}

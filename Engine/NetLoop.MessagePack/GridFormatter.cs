using MessagePack;
using MessagePack.Formatters;

namespace NetLoop;

/// <summary>An array of several dimensions, without those that have no elements and yet a thousand million rows.</summary>
/// <remarks>
/// Nine bytes of a peer make such an array in no time, but writing it again goes over each row: 2 seconds for each time that a server
/// passes it on.
/// </remarks>
internal sealed class GridFormatter<T>(IMessagePackFormatter<T> inner) : IMessagePackFormatter<T>
{
    /// <summary>Rows of an array that has no elements; those with elements are bound by what they hold.</summary>
    private const long MaxEmptyRows = 65_536;

    // Nearly always there is one: applications have one resolver.
    private static GridFormatter<T>? _last;

    private readonly IMessagePackFormatter<T> _inner = inner;

    /// <summary>The same for the same formatter.</summary>
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

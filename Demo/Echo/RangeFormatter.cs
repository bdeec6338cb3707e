using MessagePack;
using MessagePack.Formatters;

namespace NetLoop.Demo.Echo;

/// <summary>Formats a range as its two indexes. MessagePack-CSharp has no formatter for ranges, and they cannot be annotated.</summary>
internal sealed class RangeFormatter : IMessagePackFormatter<Range>
{
    /// <inheritdoc/>
    public void Serialize(ref MessagePackWriter writer, Range value, MessagePackSerializerOptions options)
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.Start.Value);
        writer.Write(value.End.Value);
    }

    /// <inheritdoc/>
    public Range Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        reader.ReadArrayHeader() == 2
            ? new Range(reader.ReadInt32(), reader.ReadInt32())
            : throw new MessagePackSerializationException("a range is an array of two");
}

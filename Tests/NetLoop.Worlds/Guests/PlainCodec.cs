namespace NetLoop.Worlds.Guests;

/// <summary>A codec that is not the generator's: writes a number and a text as a map.</summary>
internal sealed class PlainCodec : IMessageCodec
{
    public static void Write<T>(ref NetWriter writer, in T value)
    {
        Coded coded = (Coded)(object)value!;
        writer.WriteMapHeader(1);
        writer.Write(coded.Value);
        writer.Write(coded.Text);
    }

    public static bool TryRead<T>(ref NetReader reader, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!reader.TryReadMapHeader(out int count) || count != 1 || !reader.TryRead(out long number) || !reader.TryRead(out string? text) || text is null)
        {
            return false;
        }

        value = (T)(object)new Coded(number, text);
        return true;
    }
}

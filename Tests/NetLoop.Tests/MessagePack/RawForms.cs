namespace NetLoop.Tests.MessagePack;

/// <summary>Parts of MessagePack that contracts do not use: the kind of a value before it is read, and extensions of any type.</summary>
internal static class RawForms
{
    extension(NetReader reader)
    {
        /// <summary>The kind of the next value; nothing is read.</summary>
        public MessagePackKind NextKind => reader.Remaining == 0 ? MessagePackKind.None : KindOf(reader.Unread[0]);
    }

    /// <summary>Reads an extension.</summary>
    public static bool TryReadExtension(this ref NetReader reader, out sbyte type, out ReadOnlySpan<byte> data)
    {
        type = 0;
        data = default;
        MessagePackKind kind = reader.NextKind;
        if (kind is not (MessagePackKind.Extension or MessagePackKind.None))
        {
            return reader.Fail(kind == MessagePackKind.Invalid ? DecodeStatus.Malformed : DecodeStatus.WrongType);
        }

        if (!reader.TryReadRaw(out ReadOnlySpan<byte> raw))
        {
            return false;
        }

        int typeAt = raw[0] switch { 0xC7 => 2, 0xC8 => 3, 0xC9 => 5, _ => 1 };
        type = (sbyte)raw[typeAt];
        data = raw[(typeAt + 1)..];
        return true;
    }

    /// <summary>Writes an extension.</summary>
    public static void WriteExtension(this ref NetWriter writer, sbyte type, scoped ReadOnlySpan<byte> data)
    {
        int length = data.Length;
        ReadOnlySpan<byte> header = length switch
        {
            1 or 2 or 4 or 8 or 16 => [(byte)(0xD4 + int.Log2(length)), (byte)type],
            <= byte.MaxValue => [0xC7, (byte)length, (byte)type],
            <= ushort.MaxValue => [0xC8, (byte)(length >> 8), (byte)length, (byte)type],
            _ => [0xC9, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, (byte)type],
        };
        writer.WriteRaw(header);
        writer.WriteRaw(data);
    }

    private static MessagePackKind KindOf(byte code) => code switch
    {
        <= 0x7F or >= 0xE0 => MessagePackKind.Integer,
        <= 0x8F => MessagePackKind.Map,
        <= 0x9F => MessagePackKind.Array,
        <= 0xBF => MessagePackKind.String,
        0xC0 => MessagePackKind.Nil,
        0xC1 => MessagePackKind.Invalid,
        0xC2 or 0xC3 => MessagePackKind.Boolean,
        <= 0xC6 => MessagePackKind.Binary,
        <= 0xC9 => MessagePackKind.Extension,
        <= 0xCB => MessagePackKind.Float,
        <= 0xD3 => MessagePackKind.Integer,
        <= 0xD8 => MessagePackKind.Extension,
        <= 0xDB => MessagePackKind.String,
        <= 0xDD => MessagePackKind.Array,
        _ => MessagePackKind.Map,
    };
}

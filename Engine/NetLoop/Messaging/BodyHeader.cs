using NetLoop.CompilerServices;

namespace NetLoop.Messaging;

/// <summary>The part of a body before its payload.</summary>
/// <param name="Shape">One of the three shapes.</param>
/// <param name="Id">The id of the request; 0 for a message.</param>
/// <param name="Type">The message type; 0 for a response.</param>
internal readonly record struct BodyHeader(BodyShape Shape, uint Id, int Type)
{
    private const int LargestType = 65_535;
    private const int ElementsWithContext = 5;

    /// <summary>Reads everything before the payload, or before the error of a response.</summary>
    /// <returns>False if the bytes do not begin with one of the three shapes.</returns>
    public static bool TryRead(ref NetReader reader, out BodyHeader header)
    {
        // Nearly every body of a game is a message in its shortest encoding. This path makes three checks instead of three general reads.
        FixedLayoutReader layout = reader.BeginFixedLayout();
        if (layout.TryReadArrayHeader(3) && layout.TryRead(out byte shape) && shape == (byte)BodyShape.Message && layout.TryRead(out ushort type))
        {
            reader.EndFixedLayout(layout);
            header = new BodyHeader(BodyShape.Message, 0, type);
            return true;
        }

        return TryReadAnyForm(ref reader, out header);
    }

    /// <summary>Reads the part of a request with a trace context that precedes the context.</summary>
    /// <returns>False when the bytes do not begin such a request.</returns>
    public static bool TryReadTraced(ref NetReader reader, out BodyHeader header)
    {
        header = default;
        if (!reader.TryReadArrayHeader(out int count)
            || count != ElementsWithContext
            || !reader.TryRead(out int shape)
            || shape != (int)BodyShape.Request
            || !reader.TryRead(out uint id)
            || !TryReadType(ref reader, out int type))
        {
            return false;
        }

        header = new BodyHeader(BodyShape.Request, id, type);
        return true;
    }

    /// <summary>Writes the part of a request before its payload, or before its trace context if it has one.</summary>
    public static void WriteRequest(ref NetWriter writer, uint id, int type, bool hasContext = false)
    {
        writer.WriteArrayHeader(hasContext ? ElementsWithContext : 4);
        writer.Write((int)BodyShape.Request);
        writer.Write(id);
        writer.Write(type);
    }

    /// <summary>Whether a body that this side wrote is a response.</summary>
    public static bool IsResponse(ReadOnlySpan<byte> body) => body is [0x94, (byte)BodyShape.Response, ..];

    private static bool TryReadAnyForm(ref NetReader reader, out BodyHeader header)
    {
        header = default;
        if (!reader.TryReadArrayHeader(out int count) || !reader.TryRead(out int shape))
        {
            return false;
        }

        uint id = 0;
        int type = 0;
        switch ((BodyShape)shape)
        {
            case BodyShape.Message when count == 3:
                if (!TryReadType(ref reader, out type))
                {
                    return false;
                }

                break;

            case BodyShape.Request when count == 4:
                if (!reader.TryRead(out id) || !TryReadType(ref reader, out type))
                {
                    return false;
                }

                break;

            case BodyShape.Response when count == 4:
                if (!reader.TryRead(out id))
                {
                    return false;
                }

                break;

            default:
                return false;
        }

        header = new BodyHeader((BodyShape)shape, id, type);
        return true;
    }

    private static bool TryReadType(ref NetReader reader, out int type) =>
        reader.TryRead(out type) && (uint)type <= LargestType;
}

using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace NetLoop.Messaging;

/// <summary>The W3C trace context in a request: <c>[traceparent]</c> or <c>[traceparent, tracestate]</c>.</summary>
/// <remarks>Source: Engine/PROTOCOL.md, section 9, and https://www.w3.org/TR/trace-context/.</remarks>
internal static class TraceContext
{
    /// <summary>Maximum length of a <c>tracestate</c> that is sent or read, in bytes. The W3C recommends forwarding at least this much.</summary>
    public const int MaxStateBytes = 512;

    /// <summary>Maximum length of the headers of the array and its two strings, in bytes.</summary>
    public const int MaxHeaderBytes = 1 + 2 + 3;

    /// <summary>Length of the fields of version 00: <c>00-{trace}-{span}-{flags}</c>.</summary>
    private const int ParentBytes = 55;

    /// <summary>Maximum length of a <c>traceparent</c> of a later version.</summary>
    private const int MaxParentBytes = 128;

    private const int TraceIdAt = 3;
    private const int TraceIdBytes = 32;
    private const int SpanIdAt = TraceIdAt + TraceIdBytes + 1;
    private const int SpanIdBytes = 16;
    private const int FlagsAt = SpanIdAt + SpanIdBytes + 1;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Writes a trace context.</summary>
    public static void Write(ref NetWriter writer, string parent, string? state)
    {
        writer.WriteArrayHeader(state is null ? 1 : 2);
        writer.Write(parent);
        if (state is not null)
        {
            writer.Write(state);
        }
    }

    /// <summary>Checks a trace context from a peer, and reads it if it is wanted. Allocates only if it is wanted.</summary>
    /// <param name="encoded">One MessagePack value.</param>
    /// <param name="isWanted">Whether anybody listens to activities.</param>
    /// <param name="trace">Null if the context is not wanted, nil or malformed.</param>
    /// <returns>False if it, or its <c>tracestate</c>, is malformed or too long and thus ignored.</returns>
    public static bool TryParse(ReadOnlySpan<byte> encoded, bool isWanted, out RemoteTrace? trace)
    {
        trace = null;
        var reader = new NetReader(encoded);
        if (reader.TryReadNil())
        {
            return true;
        }

        if (!reader.TryReadArrayHeader(out int count) || count == 0 || !reader.TryReadUtf8(out ReadOnlySpan<byte> parent) || !IsParent(parent))
        {
            return false;
        }

        // A bad tracestate must not affect the traceparent.
        ReadOnlySpan<byte> state = default;
        bool isStateValid = count == 1 || reader.TryReadNil() || (reader.TryReadUtf8(out state) && IsState(state));
        if (isWanted)
        {
            trace = new RemoteTrace(new ActivityContext(
                ActivityTraceId.CreateFromUtf8String(parent.Slice(TraceIdAt, TraceIdBytes)),
                ActivitySpanId.CreateFromUtf8String(parent.Slice(SpanIdAt, SpanIdBytes)),
                IsSampled(parent[FlagsAt + 1]) ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None,
                isStateValid && !state.IsEmpty ? Encoding.ASCII.GetString(state) : null,
                isRemote: true));
        }

        return isStateValid;
    }

    // Later versions begin with the fields of version 00, and may add more after them.
    private static bool IsParent(ReadOnlySpan<byte> text) =>
        text.Length is >= ParentBytes and <= MaxParentBytes
        && IsHex(text[..2])
        && !text.StartsWith("ff"u8)
        && (text.Length == ParentBytes || (!text.StartsWith("00"u8) && text[ParentBytes] == '-'))
        && text[TraceIdAt - 1] == '-'
        && IsId(text.Slice(TraceIdAt, TraceIdBytes))
        && text[SpanIdAt - 1] == '-'
        && IsId(text.Slice(SpanIdAt, SpanIdBytes))
        && text[FlagsAt - 1] == '-'
        && IsHex(text.Slice(FlagsAt, 2));

    private static bool IsState(ReadOnlySpan<byte> text) => text.Length <= MaxStateBytes && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    private static bool IsId(ReadOnlySpan<byte> text) => IsHex(text) && text.ContainsAnyExcept((byte)'0');

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(HexDigits);

    // The lowest bit of the flags. The codes of '1', '3', '5', '7', '9' are odd, and those of 'b', 'd', 'f' are even.
    private static bool IsSampled(byte lastDigitOfFlags) => ((lastDigitOfFlags & 1) != 0) == (lastDigitOfFlags <= '9');
}

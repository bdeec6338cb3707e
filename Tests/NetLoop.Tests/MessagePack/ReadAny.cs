namespace NetLoop.Tests.MessagePack;

/// <summary>One way to read a value, for tests that try them all.</summary>
internal sealed record ReadAny(string Name, MessagePackType[] Types, ReadAny.Reading Read)
{
    private static readonly MessagePackType[] _integers = [MessagePackType.Integer, MessagePackType.Float];

    public static IReadOnlyList<ReadAny> All { get; } =
    [
        new("bool", [MessagePackType.Boolean], (ref NetReader r) => r.TryRead(out bool _)),
        new("byte", _integers, (ref NetReader r) => r.TryRead(out byte _)),
        new("ushort", _integers, (ref NetReader r) => r.TryRead(out ushort _)),
        new("char", _integers, (ref NetReader r) => r.TryRead(out char _)),
        new("uint", _integers, (ref NetReader r) => r.TryRead(out uint _)),
        new("ulong", _integers, (ref NetReader r) => r.TryRead(out ulong _)),
        new("sbyte", _integers, (ref NetReader r) => r.TryRead(out sbyte _)),
        new("short", _integers, (ref NetReader r) => r.TryRead(out short _)),
        new("int", _integers, (ref NetReader r) => r.TryRead(out int _)),
        new("long", _integers, (ref NetReader r) => r.TryRead(out long _)),
        new("float", _integers, (ref NetReader r) => r.TryRead(out float _)),
        new("double", _integers, (ref NetReader r) => r.TryRead(out double _)),
        new("string", [MessagePackType.String], (ref NetReader r) => r.TryRead(out string? _)),
        new("utf8", [MessagePackType.String], (ref NetReader r) => r.TryReadUtf8(out _)),
        new("binary", [MessagePackType.Binary], (ref NetReader r) => r.TryReadBinary(out byte[]? _)),
        new("binary span", [MessagePackType.Binary], (ref NetReader r) => r.TryReadBinary(out ReadOnlySpan<byte> _)),
        new("extension", [MessagePackType.Extension], (ref NetReader r) => r.TryReadExtension(out _, out _)),
        new("array header", [MessagePackType.Array], (ref NetReader r) => r.TryReadArrayHeader(out _)),
        new("map header", [MessagePackType.Map], (ref NetReader r) => r.TryReadMapHeader(out _)),
        new("skip", [.. Enum.GetValues<MessagePackType>().Except([MessagePackType.Invalid])], (ref NetReader r) => r.TrySkip()),
    ];

    public delegate bool Reading(ref NetReader reader);

    public override string ToString() => Name;
}

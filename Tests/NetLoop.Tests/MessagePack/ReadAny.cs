namespace NetLoop.Tests.MessagePack;

/// <summary>One way to read a value, for tests that try all ways.</summary>
internal sealed record ReadAny(string Name, MessagePackKind[] Types, ReadAny.Reading Read)
{
    private static readonly MessagePackKind[] Integers = [MessagePackKind.Integer, MessagePackKind.Float];

    public static IReadOnlyList<ReadAny> All { get; } =
    [
        new("bool", [MessagePackKind.Boolean], (ref NetReader r) => r.TryRead(out bool _)),
        new("byte", Integers, (ref NetReader r) => r.TryRead(out byte _)),
        new("ushort", Integers, (ref NetReader r) => r.TryRead(out ushort _)),
        new("char", Integers, (ref NetReader r) => r.TryRead(out char _)),
        new("uint", Integers, (ref NetReader r) => r.TryRead(out uint _)),
        new("ulong", Integers, (ref NetReader r) => r.TryRead(out ulong _)),
        new("sbyte", Integers, (ref NetReader r) => r.TryRead(out sbyte _)),
        new("short", Integers, (ref NetReader r) => r.TryRead(out short _)),
        new("int", Integers, (ref NetReader r) => r.TryRead(out int _)),
        new("long", Integers, (ref NetReader r) => r.TryRead(out long _)),
        new("float", Integers, (ref NetReader r) => r.TryRead(out float _)),
        new("double", Integers, (ref NetReader r) => r.TryRead(out double _)),
        new("string", [MessagePackKind.String], (ref NetReader r) => r.TryRead(out string? _)),
        new("utf8", [MessagePackKind.String], (ref NetReader r) => r.TryReadUtf8(out _)),
        new("binary", [MessagePackKind.Binary], (ref NetReader r) => r.TryReadBinary(out byte[]? _)),
        new("binary span", [MessagePackKind.Binary], (ref NetReader r) => r.TryReadBinary(out ReadOnlySpan<byte> _)),
        new("extension", [MessagePackKind.Extension], (ref NetReader r) => r.TryReadExtension(out _, out _)),
        new("array header", [MessagePackKind.Array], (ref NetReader r) => r.TryReadArrayHeader(out _)),
        new("map header", [MessagePackKind.Map], (ref NetReader r) => r.TryReadMapHeader(out _)),
        new("skip", [.. Enum.GetValues<MessagePackKind>().Except([MessagePackKind.Invalid])], (ref NetReader r) => r.TrySkip()),
    ];

    public delegate bool Reading(ref NetReader reader);

    public override string ToString() => Name;
}

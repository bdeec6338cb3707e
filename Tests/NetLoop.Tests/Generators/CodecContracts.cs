using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Tests.Generators;

/// <summary>Writes the text of a value; implements the seam explicitly, as a codec may.</summary>
public readonly struct TextCodec : IMessageCodec
{
    static void IMessageCodec.Write<T>(ref NetWriter writer, in T value) => writer.Write(value?.ToString() ?? "");

    static bool IMessageCodec.TryRead<T>(ref NetReader reader, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return reader.TryRead(out string? text) && (TryParse(text, out value) || reader.Fail(DecodeStatus.OutOfRange));
    }

    private static bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value)
    {
        object? made = typeof(T) == typeof(Coded) ? new Coded { Text = text } : typeof(T) == typeof(CodedPart<int>) ? new CodedPart<int>() : null;
        value = made is T some ? some : default;
        return made is T;
    }
}

/// <summary>Has members that no generated code could write.</summary>
[NetMessage(110, Codec = typeof(TextCodec))]
public sealed partial class Coded
{
    public object? Anything { get; set; }

    public string Text { get; set; } = "";

    public override string ToString() => Text;
}

[NetContract(Codec = typeof(TextCodec))]
public sealed partial class CodedPart<T>
{
    public T? Value { get; set; }
}

[NetContract]
public sealed partial record HoldsCoded([property: Key(0)] Coded? Whole, [property: Key(1)] List<CodedPart<int>> Parts);

using MessagePack;

namespace NetLoop;

/// <summary>A type that was added to <see cref="MessageTypes"/>: MessagePack-CSharp writes and reads it.</summary>
internal sealed class SerializedForm<T>(int? number, PeerSerializer serializer) : MessageForm<T>
{
    public override int? Number => number;

    public override void Write(ref NetWriter writer, in T value) => serializer.Write(ref writer, in value);

    public override bool TryRead(ref NetReader reader, out T value) => serializer.TryRead(ref reader, out value!);

    /// <summary>Whether a type was added before in the same way, as by a server and a client in one process.</summary>
    public bool IsSame(int? otherNumber, MessagePackSerializerOptions options) =>
        number == otherNumber && serializer.Options.Resolver == options.Resolver && serializer.Options.OldSpec == options.OldSpec;

    /// <inheritdoc/>
    public override string ToString() => number is { } type ? $"number {type}" : "no number";
}

using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>A type whose MessagePack form was written down at compile time. The source generator implements it on <see cref="NetContractAttribute"/> and <see cref="NetMessageAttribute"/> types.</summary>
public interface INetContract<TSelf>
    where TSelf : INetContract<TSelf>
{
    /// <summary>Writes one MessagePack value. A value that does not fit the writer's buffer leaves the writer overflowed.</summary>
    static abstract void Write(ref MessagePackWriter writer, in TSelf value);

    /// <summary>Reads one MessagePack value.</summary>
    /// <returns>False when the bytes do not fit the contract; <see cref="MessagePackReader.Status"/> says why.</returns>
    static abstract bool TryRead(ref MessagePackReader reader, [MaybeNullWhen(false)] out TSelf value);
}

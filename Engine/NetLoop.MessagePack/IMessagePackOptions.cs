using MessagePack;

namespace NetLoop;

/// <summary>Provides the options of a <see cref="MessagePackSerializerCodec{TOptions}"/>: an attribute can name a type, but not an object.</summary>
public interface IMessagePackOptions
{
    /// <summary>Resolver and format. Must return the same object each time.</summary>
    /// <remarks>What <see cref="MessageTypes.Add{T}(int, MessagePackSerializerOptions?)"/> says of options holds here too.</remarks>
    static abstract MessagePackSerializerOptions Options { get; }
}

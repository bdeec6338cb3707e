using MessagePack;

namespace NetLoop;

/// <summary>Provides the options of a <see cref="MessagePackSerializerCodec{TOptions}"/>: an attribute can name a type, but not an object.</summary>
public interface IMessagePackOptions
{
    /// <summary>Resolver and format. Must return the same object each time.</summary>
    /// <remarks>The requirements of <see cref="MessageTypes.Add{T}(int, MessagePackSerializerOptions?)"/> for options apply here too.</remarks>
    static abstract MessagePackSerializerOptions Options { get; }
}

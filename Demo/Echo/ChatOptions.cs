using MessagePack;
using MessagePack.Resolvers;

namespace NetLoop.Demo.Echo;

/// <summary>How MessagePack-CSharp writes the demo's types: internal ones too, and ranges.</summary>
internal sealed class ChatOptions : IMessagePackOptions
{
    /// <inheritdoc/>
    public static MessagePackSerializerOptions Options { get; } = MessagePackSerializerOptions.Standard.WithResolver(
        CompositeResolver.Create([new RangeFormatter()], [StandardResolverAllowPrivate.Instance]));
}

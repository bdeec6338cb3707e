using MessagePack;
using MessagePack.Resolvers;

namespace NetLoop.Demo.Echo;

/// <summary>Options of MessagePack-CSharp for the demo's types: internal types and ranges are allowed too.</summary>
internal sealed class ChatOptions : IMessagePackOptions
{
    /// <inheritdoc/>
    public static MessagePackSerializerOptions Options { get; } = MessagePackSerializerOptions.Standard.WithResolver(
        CompositeResolver.Create([new RangeFormatter()], [StandardResolverAllowPrivate.Instance]));
}

using MessagePack;
using MessagePack.Formatters;

namespace NetLoop;

/// <summary>
/// The application's options, made safe for bytes from peers: security for untrusted data, a depth limit, a check of the stack, no types by name.
/// </summary>
internal sealed class PeerOptions : MessagePackSerializerOptions
{
    private PeerOptions(MessagePackSerializerOptions source)
        : base(source)
    {
    }

    /// <summary>Creates the options.</summary>
    /// <param name="source">The application's options; their security is replaced.</param>
    /// <param name="maxDepth">Maximum nesting depth of a value.</param>
    public static MessagePackSerializerOptions From(MessagePackSerializerOptions source, int maxDepth) =>
        new PeerOptions(source)
            .WithSecurity(MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(Math.Max(1, maxDepth)))
            .WithResolver(new PeerResolver(source.Resolver));

    /// <summary>Rejects options that cannot be made safe.</summary>
    /// <exception cref="ArgumentException">They compress, or load types by name.</exception>
    public static void Check(MessagePackSerializerOptions options)
    {
        if (options.Compression != MessagePackCompression.None)
        {
            throw new ArgumentException(
                $"Compression is {options.Compression}; it must be None: a small frame would become a large one before any limit could hold it. "
                    + "Leave out WithCompression.",
                nameof(options));
        }

        if (options.Resolver.GetFormatter<object>() is TypelessFormatter)
        {
            throw new ArgumentException(
                "The resolver is typeless: a peer would name the types that are made here. Use a resolver of your own types, such as "
                    + "ContractlessStandardResolver.",
                nameof(options));
        }
    }

    /// <inheritdoc/>
    public override Type? LoadType(string typeName) =>
        throw new MessagePackSerializationException("A peer does not choose the types that are made here.");

    /// <inheritdoc/>
    protected override MessagePackSerializerOptions Clone() => new PeerOptions(this);
}

using System.Diagnostics.CodeAnalysis;
using MessagePack;

namespace NetLoop;

/// <summary>The message types that are not contracts; MessagePack-CSharp writes and reads them.</summary>
/// <remarks>
/// As with contracts, a type has one number and a number has one type in the whole process: a type added for one server is known to all. Add the same
/// types on both sides, before a handler is registered or anything is sent. The description and the fingerprint of an assembly's contracts do not cover them.
/// Thread: any.
/// </remarks>
public sealed class MessageTypes
{
    private const int FirstNumber = 64;
    private const int LastNumber = 65_535;

    private readonly Dictionary<int, string> _numbers = [];

    private MessageTypes()
    {
    }

    /// <summary>The types of the process, which <c>o.Messages</c> returns for the options of every server and client.</summary>
    public static MessageTypes Shared { get; } = new();

    /// <summary>Adds a type as a message.</summary>
    /// <typeparam name="T">A type that MessagePack-CSharp can serialize and that is not a contract.</typeparam>
    /// <param name="number">The type number on the wire: 64 to 65535, as for <see cref="NetMessageAttribute"/>; not that of a contract.</param>
    /// <param name="options">
    /// Resolver and format, kept in a static field; null for <see cref="MessagePackSerializerOptions.Standard"/>. Their security is replaced by
    /// <see cref="MessagePackSecurity.UntrustedData"/> with the session's <see cref="DecodeLimits"/>. They must not compress, and their
    /// resolver must not be typeless.
    /// </param>
    /// <exception cref="ArgumentException">The type is a contract, or the options cannot be used with peers; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 64 or above 65535.</exception>
    /// <exception cref="InvalidOperationException">The type was added with another number or other options, or the number for another type.</exception>
    /// <exception cref="FormatterNotRegisteredException">The resolver has no formatter for the type.</exception>
    [RequiresDynamicCode("MessagePack-CSharp makes formatters at run time.")]
    [RequiresUnreferencedCode("MessagePack-CSharp finds members by reflection.")]
    public MessageTypes Add<T>(int number, MessagePackSerializerOptions? options = null)
    {
        if (number is < FirstNumber or > LastNumber)
        {
            throw new ArgumentOutOfRangeException(
                nameof(number), number, $"The number of {TypeText.Of(typeof(T))} is {number}; allowed: {FirstNumber} to {LastNumber}.");
        }

        Add<T>((int?)number, options);
        return this;
    }

    /// <summary>Adds a type for responses, which need no number.</summary>
    /// <inheritdoc cref="Add{T}(int, MessagePackSerializerOptions?)"/>
    [RequiresDynamicCode("MessagePack-CSharp makes formatters at run time.")]
    [RequiresUnreferencedCode("MessagePack-CSharp finds members by reflection.")]
    public MessageTypes AddResponse<T>(MessagePackSerializerOptions? options = null)
    {
        Add<T>(null, options);
        return this;
    }

    private void Add<T>(int? number, MessagePackSerializerOptions? options)
    {
        string name = TypeText.Of(typeof(T));
        if (ForeignType<T>.IsContract)
        {
            throw new ArgumentException($"{name} is a contract already, with bytes of its own; send it as it is.", nameof(T));
        }

        options ??= MessagePackSerializerOptions.Standard;
        lock (_numbers)
        {
            if (ForeignType<T>.Added is { } before)
            {
                if (!before.IsSame(number, options))
                {
                    throw new InvalidOperationException(
                        $"{name} was added before, with {before}; now with {(number is { } other ? $"number {other}" : "no number")}"
                            + $"{(before.Number == number ? " and another resolver: keep the options in a static field" : "")}. "
                            + "A type has one number and one form in a process.");
                }

                return;
            }

            if (number is { } taken && _numbers.TryGetValue(taken, out string? owner))
            {
                throw new InvalidOperationException($"Number {taken} is that of {owner}; give {name} another.");
            }

            var serializer = new PeerSerializer(options);
            serializer.Verify<T>();
            ForeignType<T>.Added = new SerializedForm<T>(number, serializer);
            if (number is { } mine)
            {
                _numbers.Add(mine, name);
            }
        }
    }
}

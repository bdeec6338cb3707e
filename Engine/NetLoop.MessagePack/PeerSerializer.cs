using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MessagePack;

namespace NetLoop;

/// <summary>Connects MessagePack-CSharp, with one set of options, to the engine's writers and readers.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class PeerSerializer
{
    /// <summary>Maximum memory that a thread keeps for its next message.</summary>
    private const int MaxKeptBytes = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _keptOutput;

    private MessagePackSerializerOptions _peerOptions;

    /// <exception cref="ArgumentException">The options cannot be used with peers; the message says why.</exception>
    public PeerSerializer(MessagePackSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        PeerOptions.Check(options);
        Options = options;
        _peerOptions = PeerOptions.From(options, DecodeLimits.Default.MaxDepth);
    }

    /// <summary>The application's options.</summary>
    public MessagePackSerializerOptions Options { get; }

    /// <summary>Looks up the formatter, so that a type without one fails at registration and not at the first message.</summary>
    /// <exception cref="FormatterNotRegisteredException">There is no formatter.</exception>
    public void Verify<T>() => Options.Resolver.GetFormatterWithVerify<T>();

    /// <summary>Writes one value.</summary>
    /// <exception cref="MessagePackSerializationException">The serializer cannot write the value, or did not write exactly one value.</exception>
    public void Write<T>(ref NetWriter writer, in T value)
    {
        if (value is null)
        {
            throw new ArgumentNullException(nameof(value), $"A message is never null, so that handlers need not look; this {typeof(T)} is.");
        }

        // Taken, not shared, because a formatter may send something while it writes.
        ArrayBufferWriter<byte> output = _keptOutput ?? new ArrayBufferWriter<byte>();
        _keptOutput = null;
        try
        {
            MessagePackSerializer.Serialize(output, value, Volatile.Read(ref _peerOptions));
            RequireOneValue<T>(output.WrittenSpan);
            writer.WriteRaw(output.WrittenSpan);
        }
        finally
        {
            output.ResetWrittenCount();
            if (output.Capacity <= MaxKeptBytes)
            {
                _keptOutput = output;
            }
        }
    }

    /// <summary>Reads one value.</summary>
    /// <returns>False if the serializer fails, or if the value exceeds the reader's limits; the reader's status has the reason.</returns>
    /// <remarks>The memory of the value is charged to the reader's budget after it was read, because only the serializer knows how much it allocates.</remarks>
    public bool TryRead<T>(ref NetReader reader, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!reader.TryReadRaw(out ReadOnlySpan<byte> raw))
        {
            return false;
        }

        // The serializer reads from memory, not from spans.
        byte[] copy = ArrayPool<byte>.Shared.Rent(raw.Length);
        DecodeStatus status;
        try
        {
            raw.CopyTo(copy);
            ReadOnlyMemory<byte> encoded = copy.AsMemory(0, raw.Length);
            MessagePackSerializerOptions options = OptionsFor(reader.Limits);
            long allocated = Deserialize(encoded, options, out value, out status);
            NetReader trial = reader;
            if (!trial.TryCharge(allocated))
            {
                // The first value of a type also allocates the formatters for the type, which must not be charged to the peer.
                allocated = Deserialize(encoded, options, out value, out status);
            }

            if (!reader.TryCharge(allocated))
            {
                value = default;
                return false;
            }

            if (status == DecodeStatus.Ok && value is not null)
            {
                return true;
            }
        }
#pragma warning disable CA1031 // Any exception of the serializer, or of a formatter or constructor of the application, is caused by the peer's bytes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            status = StatusOf(exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        value = default;
        return reader.Fail(status == DecodeStatus.Ok ? DecodeStatus.WrongType : status);
    }

    private static long Deserialize<T>(ReadOnlyMemory<byte> encoded, MessagePackSerializerOptions options, out T value, out DecodeStatus status)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        value = MessagePackSerializer.Deserialize<T>(encoded, options, out int read);
        status = read == encoded.Length ? DecodeStatus.Ok : DecodeStatus.Malformed;
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static DecodeStatus StatusOf(Exception exception)
    {
        // The serializer wraps exceptions of formatters.
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case InsufficientExecutionStackException:
                    return DecodeStatus.TooDeep;

                case EndOfStreamException:
                    return DecodeStatus.EndOfData;

                case OverflowException:
                    return DecodeStatus.OutOfRange;
            }
        }

        // The serializer's own exceptions concern the bytes; any other one comes from a formatter, a constructor or a setter.
        return exception.GetBaseException() is MessagePackSerializationException ? DecodeStatus.Malformed : DecodeStatus.InvalidValue;
    }

    /// <summary>A collection that changed while it was written, or a bug in a formatter, would make the whole frame unreadable.</summary>
    private static void RequireOneValue<T>(ReadOnlySpan<byte> written)
    {
        if (!OneValue.Is(written))
        {
            throw new MessagePackSerializationException(
                $"The formatters of {typeof(T)} wrote something else than one MessagePack value. Did a collection change while it was written?");
        }
    }

    private MessagePackSerializerOptions OptionsFor(DecodeLimits limits)
    {
        MessagePackSerializerOptions options = Volatile.Read(ref _peerOptions);
        int depth = Math.Max(1, limits.MaxDepth);
        if (options.Security.MaximumObjectGraphDepth != depth)
        {
            // Created again only if sessions have different limits.
            options = PeerOptions.From(Options, depth);
            Volatile.Write(ref _peerOptions, options);
        }

        return options;
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>Turns contracts into MessagePack and back, outside of a connection: for files, tests and tools.</summary>
/// <remarks>Thread: any.</remarks>
public static class NetMessagePack
{
    private const int FirstBytes = 512;

    /// <summary>Writes a value into an array of its own.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="NullMemberException">A member is null that must not be.</exception>
    public static byte[] Serialize<T>(in T value)
        where T : INetContract<T>
    {
        RequireValue(in value);
        NetWriter writer = new(stackalloc byte[FirstBytes]);
        writer.TryKeep();
        T.Write(ref writer, in value);
        RequireFit(in writer);
        return writer.Written.ToArray();
    }

    /// <summary>Writes a value behind what the output has already.</summary>
    /// <exception cref="ArgumentNullException">The value or the output is null.</exception>
    /// <exception cref="NullMemberException">A member is null that must not be; nothing is written.</exception>
    public static void Serialize<T>(IBufferWriter<byte> output, in T value)
        where T : INetContract<T>
    {
        ArgumentNullException.ThrowIfNull(output);
        RequireValue(in value);

        // All memory offered is used, however little was asked for.
        NetWriter writer = new(output.GetSpan(FirstBytes));
        writer.TryKeep();
        T.Write(ref writer, in value);
        RequireFit(in writer);
        if (writer.HasSpilled)
        {
            output.Write(writer.Written);
        }
        else
        {
            output.Advance(writer.BytesWritten);
        }
    }

    /// <summary>Reads a value that the bytes hold from the first to the last, with the default limits.</summary>
    /// <returns>False when they do not; never throws for what they are. Of constructors and setters only a lack of memory or stack is passed on.</returns>
    public static bool TryDeserialize<T>(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out T? value)
        where T : INetContract<T> => TryDeserialize(encoded, DecodeLimits.Default, out value, out _);

    /// <summary>Reads a value that the bytes hold from the first to the last, with the default limits.</summary>
    /// <param name="encoded">Exactly one MessagePack value.</param>
    /// <param name="value">The value; default when there is none.</param>
    /// <param name="status">Why there is none.</param>
    public static bool TryDeserialize<T>(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out T? value, out DecodeStatus status)
        where T : INetContract<T> => TryDeserialize(encoded, DecodeLimits.Default, out value, out status);

    /// <summary>Reads a value that the bytes hold from the first to the last.</summary>
    /// <param name="encoded">Exactly one MessagePack value.</param>
    /// <param name="limits">How deep, long and large the value may be.</param>
    /// <param name="value">The value; default when there is none.</param>
    /// <param name="status">Why there is none.</param>
    public static bool TryDeserialize<T>(
        ReadOnlySpan<byte> encoded, DecodeLimits limits, [NotNullWhen(true)] out T? value, out DecodeStatus status)
        where T : INetContract<T> => TryDeserialize(encoded, limits, out value, out status, out _);

    /// <summary>Reads a value that the bytes hold from the first to the last.</summary>
    /// <param name="encoded">Exactly one MessagePack value.</param>
    /// <param name="limits">How deep, long and large the value may be.</param>
    /// <param name="value">The value; default when there is none.</param>
    /// <param name="status">Why there is none.</param>
    /// <param name="thrown">What a constructor or a setter threw, when the status is <see cref="DecodeStatus.InvalidValue"/>; otherwise null.</param>
    public static bool TryDeserialize<T>(
        ReadOnlySpan<byte> encoded, DecodeLimits limits, [NotNullWhen(true)] out T? value, out DecodeStatus status, out Exception? thrown)
        where T : INetContract<T>
    {
        NetReader reader = new(encoded, limits);
        bool read;
        thrown = null;
        try
        {
            read = T.TryRead(ref reader, out value) && reader.TryEnd();
        }
        catch (Exception exception) when (IsOfTheValue(exception))
        {
            thrown = exception;
            value = default;
            read = reader.Fail(DecodeStatus.InvalidValue);
        }

        status = reader.Status;
        if (!read)
        {
            value = default;
        }

        return read;
    }

    /// <summary>Reads a value, and uses the lists and arrays of the one that is there already, so that nothing is allocated.</summary>
    /// <param name="encoded">Exactly one MessagePack value.</param>
    /// <param name="limits">How deep, long and large the value may be.</param>
    /// <param name="value">A value that nobody else uses any more, or default; then the value read, or default when there is none.</param>
    /// <param name="status">Why there is none.</param>
    /// <remarks>
    /// Members that are a <see cref="List{T}"/> are filled again, and arrays when they have the right length; other members are made as usual,
    /// and so is the object itself if the contract is a class.
    /// </remarks>
    public static bool TryDeserializeInto<T>(ReadOnlySpan<byte> encoded, DecodeLimits limits, ref T? value, out DecodeStatus status)
        where T : INetContract<T>
    {
        NetReader reader = new(encoded, limits);
        bool read;
        T? next = default;
        try
        {
            read = T.TryRead(ref reader, in value, out next) && reader.TryEnd();
        }
        catch (Exception exception) when (IsOfTheValue(exception))
        {
            read = reader.Fail(DecodeStatus.InvalidValue);
        }

        status = reader.Status;
        value = read ? next : default;
        return read;
    }

    // What says nothing of the value that was being read goes on to the caller.
    private static bool IsOfTheValue(Exception exception) =>
        exception is not (OutOfMemoryException or InsufficientExecutionStackException or ThreadInterruptedException);

    private static void RequireValue<T>(ref readonly T value)
    {
        if (value is null)
        {
            throw new ArgumentNullException(nameof(value));
        }
    }

    private static void RequireFit(ref readonly NetWriter writer)
    {
        if (writer.Overflowed)
        {
            throw new InvalidOperationException("The value takes more than 2 GB of MessagePack; send it in parts.");
        }
    }
}

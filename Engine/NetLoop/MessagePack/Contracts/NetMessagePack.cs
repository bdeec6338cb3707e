using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>Converts contracts to MessagePack and back outside of a connection, for files, tests and tools.</summary>
/// <remarks>Thread: any.</remarks>
public static class NetMessagePack
{
    private const int FirstBytes = 512;

    /// <summary>Serializes a value into a new array.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="NullMemberException">A member is null although its type does not allow it.</exception>
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

    /// <summary>Serializes a value and appends it to the output.</summary>
    /// <exception cref="ArgumentNullException">The value or the output is null.</exception>
    /// <exception cref="NullMemberException">A member is null although its type does not allow it; nothing is written.</exception>
    public static void Serialize<T>(IBufferWriter<byte> output, in T value)
        where T : INetContract<T>
    {
        ArgumentNullException.ThrowIfNull(output);
        RequireValue(in value);

        // Use all of the memory offered, which may be more than was requested.
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

    /// <summary>Deserializes a value that takes up all of the bytes, with the default limits.</summary>
    /// <returns>
    /// False if the bytes are not a valid value of the type. Invalid bytes never cause an exception. Exceptions of constructors and setters pass to the caller
    /// only if memory or stack runs out, or the thread is interrupted.
    /// </returns>
    public static bool TryDeserialize<T>(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out T? value)
        where T : INetContract<T> => TryDeserialize(encoded, DecodeLimits.Default, out value, out _);

    /// <summary>Deserializes a value that takes up all of the bytes, with the default limits.</summary>
    /// <param name="encoded">Exactly one MessagePack value.</param>
    /// <param name="value">The value; default on failure.</param>
    /// <param name="status">Ok, or the reason for the failure.</param>
    public static bool TryDeserialize<T>(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out T? value, out DecodeStatus status)
        where T : INetContract<T> => TryDeserialize(encoded, DecodeLimits.Default, out value, out status);

    /// <summary>Deserializes a value that takes up all of the bytes.</summary>
    /// <param name="encoded">Exactly one MessagePack value.</param>
    /// <param name="limits">Limits for depth, lengths and memory of the value.</param>
    /// <param name="value">The value; default on failure.</param>
    /// <param name="status">Ok, or the reason for the failure.</param>
    public static bool TryDeserialize<T>(
        ReadOnlySpan<byte> encoded, DecodeLimits limits, [NotNullWhen(true)] out T? value, out DecodeStatus status)
        where T : INetContract<T> => TryDeserialize(encoded, limits, out value, out status, out _);

    /// <summary>Deserializes a value that takes up all of the bytes.</summary>
    /// <param name="encoded">Exactly one MessagePack value.</param>
    /// <param name="limits">Limits for depth, lengths and memory of the value.</param>
    /// <param name="value">The value; default on failure.</param>
    /// <param name="status">Ok, or the reason for the failure.</param>
    /// <param name="thrown">
    /// The exception of a constructor or setter if that is why the status is <see cref="DecodeStatus.InvalidValue"/>; otherwise null.
    /// </param>
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

    /// <summary>Deserializes a value and reuses the lists and arrays of an existing value, so that nothing is allocated.</summary>
    /// <param name="encoded">Exactly one MessagePack value.</param>
    /// <param name="limits">Limits for depth, lengths and memory of the value.</param>
    /// <param name="value">In: a value that is not used elsewhere, or default. Out: the value read, or default on failure.</param>
    /// <param name="status">Ok, or the reason for the failure.</param>
    /// <remarks>
    /// Members of type <see cref="List{T}"/> are filled again, and so are arrays of the right length. Other members are newly created, and so is the object
    /// itself if the contract is a class.
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

    // Exceptions that are not caused by the value pass to the caller.
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

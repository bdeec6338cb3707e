using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NetLoop.MessagePack.Formatters;

namespace NetLoop.CompilerServices;

// Checks of a sender's own values, which a receiver would reject or misinterpret.
public static partial class NetFormatters
{
    /// <summary>Returns a member that must not be null.</summary>
    /// <exception cref="NullMemberException">It is null.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NotNull<T>(T value, string? member)
    {
        if (value is null)
        {
            ThrowNull<T>(member);
        }

        return value;
    }

    /// <summary>Writes a member that contains other values; the exception names it if one of them is null.</summary>
    /// <exception cref="NullMemberException">It contains a null that its types do not allow.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void WriteMember<T, TFormatter>(ref NetWriter writer, in T value, string member)
        where TFormatter : INetFormatter<T>
    {
        try
        {
            TFormatter.Write(ref writer, in value);
        }
        catch (NullMemberException exception) when (exception.Member is null)
        {
            throw new NullMemberException(member, exception.Type);
        }
    }

    /// <summary>Charges the memory of an empty value to the budget, before its members are read.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryChargeEmpty<T, TFormatter>(ref NetReader reader)
        where TFormatter : INetFormatter<T> => reader.TryCharge(EmptyValue<T, TFormatter>.Bytes);

    /// <summary>Returns the list to read into; null if another member has already taken it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static T? Unshared<T>(T? reusable, T? taken)
        where T : class => ReferenceEquals(reusable, taken) ? null : reusable;

    /// <summary>Number of elements of a collection whose type has no count; -1 for null.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static int CountOf<T>(IEnumerable<T>? items) => items?.Count() ?? -1;

    [DoesNotReturn]
    private static void ThrowNull<T>(string? member = null) => throw new NullMemberException(member, typeof(T));

    // The count is already written, so exactly that many elements must follow.
    private static void RequireAllWritten(int left)
    {
        if (left != 0)
        {
            throw new InvalidOperationException(
                "A collection was changed by another thread while it was written. Send a copy of it, or an immutable collection.");
        }
    }
}

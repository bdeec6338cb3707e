using System.Diagnostics;

namespace NetLoop.Handlers;

/// <summary>The handlers of one event, in the order of their registration. Each is called even if an earlier one threw.</summary>
/// <remarks>Thread: one at a time adds; any reads, and sees the array either before or after the change.</remarks>
/// <typeparam name="T">A delegate type.</typeparam>
internal sealed class EventHandlers<T>
    where T : Delegate
{
    private T[] _all = [];

    /// <summary>The handlers so far; never changed in place, so a caller that reads it once needs no copy.</summary>
    public T[] All => Volatile.Read(ref _all);

    public bool IsEmpty => All.Length == 0;

    /// <summary>Adds a handler. A delegate that combines several handlers is split, because the first one that threw would skip the rest.</summary>
    public void Add(T handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Volatile.Write(ref _all, [.. _all, .. handler.GetInvocationList().Cast<T>()]);
    }

    /// <summary>The method that a handler calls, for the log line about an exception.</summary>
    public static string NameOf(T handler) =>
        DiagnosticMethodInfo.Create(handler) is { } method ? $"{method.DeclaringTypeName}.{method.Name}" : handler.GetType().Name;
}

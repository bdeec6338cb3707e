namespace NetLoop;

/// <summary>How values of a type are sent: the number of the type, and the methods that write and read.</summary>
internal abstract class MessageForm<T>
{
    /// <summary>The type on the wire; null for a type that is only sent as a response.</summary>
    public abstract int? Number { get; }

    /// <summary>Writes one value.</summary>
    public abstract void Write(ref NetWriter writer, in T value);

    /// <summary>Reads one value.</summary>
    public abstract bool TryRead(ref NetReader reader, out T value);
}

namespace NetLoop;

/// <summary>Memory that a writer fills from the front and may ask to become larger.</summary>
/// <remarks>Thread: that of the writer. The bytes written stay contiguous and at the front.</remarks>
public interface IWriteBuffer
{
    /// <summary>Makes room after the bytes written so far.</summary>
    /// <param name="written">Bytes at the front of the current memory that must be kept.</param>
    /// <param name="minimumFree">Number of bytes needed after them, at least 1.</param>
    /// <returns>The memory to go on with, at least <paramref name="written"/> + <paramref name="minimumFree"/> bytes long and beginning with
    /// the bytes kept; empty when a limit forbids it, and then the writer must stop.</returns>
    Span<byte> Grow(int written, int minimumFree);
}

namespace NetLoop;

/// <summary>Memory that a writer fills from the front and can ask to grow.</summary>
/// <remarks>Thread: the writer's. The written bytes stay contiguous and at the front.</remarks>
public interface IWriteBuffer
{
    /// <summary>Makes room after the bytes written so far.</summary>
    /// <param name="written">Bytes at the front of the current memory that must be kept.</param>
    /// <param name="minimumFree">Number of bytes needed after them, at least 1.</param>
    /// <returns>
    /// The memory to continue in: at least <paramref name="written"/> + <paramref name="minimumFree"/> bytes long, starting with the kept bytes. Empty if a
    /// limit forbids the growth; then the writer must stop.
    /// </returns>
    Span<byte> Grow(int written, int minimumFree);
}

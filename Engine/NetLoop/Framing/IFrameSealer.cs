namespace NetLoop.Framing;

/// <summary>A framing whose header depends on the body: its length varies with the body's, or it has a key that changes the body.</summary>
internal interface IFrameSealer : IFrameWriter
{
    /// <summary>
    /// Length of the header for a body of that length: at most 16 bytes more than <see cref="IFrameWriter.HeaderBytes"/>. These bytes are reserved while
    /// the body is written.
    /// </summary>
    int HeaderBytesFor(int bodyBytes);

    /// <summary>Finishes a frame in place.</summary>
    /// <param name="header">To be written; as long as <see cref="HeaderBytesFor"/> returned.</param>
    /// <param name="body">The body, which follows the header; may be changed.</param>
    void Seal(Span<byte> header, Span<byte> body);
}

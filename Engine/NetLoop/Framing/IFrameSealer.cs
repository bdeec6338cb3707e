namespace NetLoop.Framing;

/// <summary>A framing whose header depends on the body: its length varies with the body's, or it has a key that changes the body.</summary>
/// <remarks>The bytes of <see cref="IFrameWriter.HeaderBytes"/>, and 16 more, are reserved while the body is written.</remarks>
internal interface IFrameSealer : IVariableFrameWriter
{
    /// <summary>Finishes a frame in place.</summary>
    /// <param name="header">To be written; as long as <see cref="IVariableFrameWriter.HeaderBytesFor"/> returned.</param>
    /// <param name="body">The body, which follows the header; may be changed.</param>
    void Seal(Span<byte> header, Span<byte> body);
}

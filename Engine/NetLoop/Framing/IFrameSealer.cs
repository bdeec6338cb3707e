namespace NetLoop.Framing;

/// <summary>A framing whose header depends on the body: as long as the body's length needs, or with a key that changes the body itself.</summary>
internal interface IFrameSealer : IFrameWriter
{
    /// <summary>
    /// Bytes in front of a body of that length: at most 16 more than <see cref="IFrameWriter.HeaderBytes"/>, which are kept free while the
    /// body is written.
    /// </summary>
    int HeaderBytesFor(int bodyBytes);

    /// <summary>Finishes a frame in place.</summary>
    /// <param name="header">As many bytes as <see cref="HeaderBytesFor"/> said; written.</param>
    /// <param name="body">Behind it; may be changed.</param>
    void Seal(Span<byte> header, Span<byte> body);
}

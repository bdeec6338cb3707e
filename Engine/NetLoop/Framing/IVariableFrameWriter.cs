namespace NetLoop;

/// <summary>
/// The sending half of a framing whose header is longer for longer bodies, such as a variable-length prefix. A framer that also implements this interface
/// has no trailer, and its <see cref="IFrameWriter.HeaderBytes"/> is the length of its most frequent header.
/// </summary>
/// <remarks>Thread: loop.</remarks>
public interface IVariableFrameWriter : IFrameWriter
{
    /// <summary>
    /// Returns the length of the header for a body: 1 byte to 16 more than <see cref="IFrameWriter.HeaderBytes"/>.
    /// <see cref="IFrameWriter.WriteHeader"/> gets exactly these bytes.
    /// </summary>
    /// <param name="bodyBytes">0 to <see cref="IFrameWriter.MaxBodyBytes"/>.</param>
    int HeaderBytesFor(int bodyBytes);
}

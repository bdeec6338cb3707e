#pragma warning disable CA1031 // Application code on the path of a byte: any exception costs one session, not the loop.

namespace NetLoop.Framing;

/// <summary>Wraps an application's framer whose headers vary in length.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class GuardedVariableFramer(IFramer framer, IVariableFrameWriter writer, Action<Exception> onFault)
    : GuardedFramer(framer, onFault), IFrameSealer
{
    public int HeaderBytesFor(int bodyBytes)
    {
        try
        {
            int bytes = writer.HeaderBytesFor(bodyBytes);
            if (bytes >= 1 && bytes <= HeaderBytes + FramerLimit.MaxExtraHeaderBytes)
            {
                return bytes;
            }

            FailToWrite(new InvalidOperationException(
                $"HeaderBytesFor({bodyBytes}) of {writer.GetType().Name} is {bytes}; it must be 1 to {HeaderBytes + FramerLimit.MaxExtraHeaderBytes}."));
        }
        catch (Exception exception)
        {
            FailToWrite(exception);
        }

        return Math.Max(1, HeaderBytes);
    }

    public void Seal(Span<byte> header, Span<byte> body) => WriteHeader(header, body.Length);
}

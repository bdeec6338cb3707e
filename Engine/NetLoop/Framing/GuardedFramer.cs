#pragma warning disable CA1031 // Application code on the path of a byte: any exception costs one session, not the loop.

namespace NetLoop.Framing;

/// <summary>
/// Wraps an application's framer: exceptions and frames outside the received bytes count as malformed, and a framer whose limits are
/// invalid never yields a frame.
/// </summary>
/// <remarks>Thread: loop.</remarks>
internal class GuardedFramer : IFramer
{
    private readonly IFramer? _framer;
    private readonly Action<Exception> _onFault;
    private readonly byte[] _trailer = [];

    /// <param name="framer">The application's framer; without one, every frame counts as malformed.</param>
    /// <param name="onFault">Receives the exceptions of the application's code.</param>
    protected GuardedFramer(IFramer? framer, Action<Exception> onFault)
    {
        _onFault = onFault;
        if (framer is null)
        {
            return;
        }

        try
        {
            int maxBodyBytes = framer.MaxBodyBytes;
            int headerBytes = framer.HeaderBytes;
            FramerLimit.Check(maxBodyBytes);
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)headerBytes, (uint)FramerLimit.MaxHeaderBytes, nameof(headerBytes));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(framer.Trailer.Length, FramerLimit.MaxTrailerBytes, nameof(framer.Trailer));
            _trailer = framer.Trailer.ToArray();
            HeaderBytes = headerBytes;
            MaxBodyBytes = maxBodyBytes;
            _framer = framer;
        }
        catch (Exception exception)
        {
            onFault(exception);
        }
    }

    public int MaxBodyBytes { get; } = 1;

    public int HeaderBytes { get; }

    public ReadOnlySpan<byte> Trailer => _trailer;

    /// <summary>Whether writing a header failed, so that the peer cannot parse the frames queued after it.</summary>
    public bool HasFailedToWrite { get; private set; }

    /// <summary>Wraps a new framer of the application.</summary>
    /// <param name="factory">Creates it; if it fails, every frame counts as malformed.</param>
    /// <param name="onFault">Receives the exceptions of the application's code.</param>
    public static GuardedFramer Create(Func<IFramer> factory, Action<Exception> onFault)
    {
        IFramer? framer = null;
        try
        {
            framer = factory() ?? throw new InvalidOperationException("The factory of the framer returned null.");
        }
        catch (Exception exception)
        {
            onFault(exception);
        }

        return framer is IVariableFrameWriter writer ? new GuardedVariableFramer(framer, writer, onFault) : new GuardedFramer(framer, onFault);
    }

    public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
    {
        frame = default;
        if (_framer is null)
        {
            return FrameStatus.Malformed;
        }

        try
        {
            FrameStatus status = _framer.TryRead(received, out frame);
            return status switch
            {
                FrameStatus.Complete when IsInside(frame, received.Length) => FrameStatus.Complete,
                FrameStatus.Incomplete or FrameStatus.TooLarge => status,
                _ => FrameStatus.Malformed,
            };
        }
        catch (Exception exception)
        {
            _onFault(exception);
            return FrameStatus.Malformed;
        }
    }

    public void WriteHeader(Span<byte> header, int bodyBytes)
    {
        header.Clear();
        try
        {
            _framer?.WriteHeader(header, bodyBytes);
        }
        catch (Exception exception)
        {
            FailToWrite(exception);
        }
    }

    /// <summary>Records that a header is wrong: nothing may follow it.</summary>
    protected void FailToWrite(Exception exception)
    {
        HasFailedToWrite = true;
        _onFault(exception);
    }

    private bool IsInside(in FrameBounds frame, int receivedBytes) =>
        frame.FrameBytes > 0
        && frame.FrameBytes <= receivedBytes
        && frame.BodyOffset >= 0
        && frame.BodyBytes >= 0
        && frame.BodyBytes <= MaxBodyBytes
        && (long)frame.BodyOffset + frame.BodyBytes <= frame.FrameBytes;
}

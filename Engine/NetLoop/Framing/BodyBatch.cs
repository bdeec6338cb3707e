namespace NetLoop.Framing;

/// <summary>
/// A body that arrived, and the bodies that arrived right behind it. The receiver of the first may also take the ones behind it that have
/// the same header.
/// </summary>
/// <remarks>Thread: loop. Valid as long as the received bytes stay where they are.</remarks>
internal ref struct BodyBatch
{
    private readonly IFramer? _framer;
    private readonly ReadOnlySpan<byte> _received;
    private int _nextFrameBytes;

    /// <summary>A single body with nothing behind it.</summary>
    public BodyBatch(ReadOnlySpan<byte> body) => First = body;

    /// <summary>A body and what arrived behind it.</summary>
    /// <param name="framer">Finds the frames behind the first.</param>
    /// <param name="received">From the first frame on.</param>
    /// <param name="first">Where that lies.</param>
    public BodyBatch(IFramer framer, ReadOnlySpan<byte> received, scoped in FrameBounds first)
    {
        _framer = framer;
        _received = received;
        First = received.Slice(first.BodyOffset, first.BodyBytes);
        TakenBytes = first.FrameBytes;
    }

    /// <summary>The body that is to be taken or refused.</summary>
    public ReadOnlySpan<byte> First { get; }

    /// <summary>Bodies that are taken when the first is: it and those of <see cref="TakeNext"/>.</summary>
    public int TakenBodies { get; private set; } = 1;

    /// <summary>Bytes of their frames.</summary>
    public int TakenBytes { get; private set; }

    /// <summary>Looks for the body behind those that are taken.</summary>
    /// <returns>False when it did not arrive whole; what is wrong with it shows when it comes first.</returns>
    public bool TryPeekNext(out ReadOnlySpan<byte> body)
    {
        if (TakenBytes < _received.Length && _framer!.TryRead(_received[TakenBytes..], out FrameBounds frame) == FrameStatus.Complete)
        {
            body = _received.Slice(TakenBytes + frame.BodyOffset, frame.BodyBytes);
            _nextFrameBytes = frame.FrameBytes;
            return true;
        }

        body = default;
        return false;
    }

    /// <summary>Takes the body that <see cref="TryPeekNext"/> found last.</summary>
    public void TakeNext()
    {
        TakenBytes += _nextFrameBytes;
        TakenBodies++;
    }
}

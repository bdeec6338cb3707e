namespace NetLoop.Framing;

/// <summary>
/// A body that arrived, and the bodies that arrived directly after it. The receiver of the first may also take the following ones if they have the same
/// header.
/// </summary>
/// <remarks>Thread: loop. Valid as long as the received bytes stay where they are.</remarks>
internal ref struct BodyBatch
{
    private readonly IFramer? _framer;
    private readonly ReadOnlySpan<byte> _received;
    private int _nextFrameBytes;

    /// <summary>A single body with nothing after it.</summary>
    public BodyBatch(ReadOnlySpan<byte> body) => First = body;

    /// <summary>A body and the bytes that arrived after it.</summary>
    /// <param name="framer">Finds the frames after the first.</param>
    /// <param name="received">The received bytes, from the first frame on.</param>
    /// <param name="first">The bounds of the first frame.</param>
    public BodyBatch(IFramer framer, ReadOnlySpan<byte> received, scoped in FrameBounds first)
    {
        _framer = framer;
        _received = received;
        First = received.Slice(first.BodyOffset, first.BodyBytes);
        TakenBytes = first.FrameBytes;
    }

    /// <summary>The first body, which the receiver may take or leave.</summary>
    public ReadOnlySpan<byte> First { get; }

    /// <summary>Number of bodies taken: the first one and those of <see cref="TakeNext"/>.</summary>
    public int TakenBodies { get; private set; } = 1;

    /// <summary>Total bytes of their frames.</summary>
    public int TakenBytes { get; private set; }

    /// <summary>Finds the body after those that are taken.</summary>
    /// <returns>False if it has not arrived completely or is invalid. An invalid body is reported when it is the first of a batch.</returns>
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

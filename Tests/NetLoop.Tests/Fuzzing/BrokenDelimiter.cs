namespace NetLoop.Tests.Fuzzing;

/// <summary>A copy of the delimiter framer, with a bug in how it remembers how far it has searched.</summary>
public sealed class BrokenDelimiter(byte[] delimiter, int maxBodyBytes, BrokenDelimiter.Bug bug) : IFramer
{
    private int _searched;

    public enum Bug
    {
        None,
        ForgetsWhatItBeganWith,
        SkipsTheNextBeginning,
        NeverLooksBack,
        LimitCountsTheDelimiter,
    }

    public int MaxBodyBytes => maxBodyBytes;

    public int HeaderBytes => 0;

    public ReadOnlySpan<byte> Trailer => delimiter;

    public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
    {
        frame = default;
        int maxFrameBytes = maxBodyBytes + (bug == Bug.LimitCountsTheDelimiter ? 0 : delimiter.Length);
        ReadOnlySpan<byte> allowed = received[..Math.Min(received.Length, maxFrameBytes)];
        int from = Math.Min(_searched, allowed.Length);
        int found = allowed[from..].IndexOf(delimiter);
        if (found < 0)
        {
            int tail = bug switch
            {
                Bug.NeverLooksBack => 0,
                Bug.ForgetsWhatItBeganWith => delimiter.Length - 2,
                _ => delimiter.Length - 1,
            };
            _searched = Math.Max(0, allowed.Length - tail);
            return allowed.Length == maxFrameBytes ? FrameStatus.TooLarge : FrameStatus.Incomplete;
        }

        int bodyBytes = from + found;
        _searched = bug == Bug.SkipsTheNextBeginning ? 1 : 0;
        frame = new FrameBounds(0, bodyBytes, bodyBytes + delimiter.Length);
        return FrameStatus.Complete;
    }

    public void WriteHeader(Span<byte> header, int bodyBytes)
    {
    }
}

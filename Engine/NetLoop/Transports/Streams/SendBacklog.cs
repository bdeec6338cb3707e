using NetLoop.Time;

namespace NetLoop.Transports.Streams;

/// <summary>Measures how fast a peer reads: since when bytes have been waiting, and how fast they are sent.</summary>
/// <remarks>Thread: loop. Times are nanoseconds of peer time.</remarks>
internal sealed class SendBacklog
{
    /// <summary>A peer that reads more slowly than this for long is taken for hostile. Other well-known servers use the same rate.</summary>
    private const long MinReadBytesPerSecond = 240;

    /// <summary>Number of checks within the time limit of a backlog, so that a slow consumer is closed at most a fifth of the limit late.</summary>
    private const int LooksPerLimit = 5;

    /// <summary>Whether bytes wait because the kernel took less than offered.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>When the current backlog began.</summary>
    public long Since { get; private set; }

    /// <summary>When a byte was last taken, or the backlog began.</summary>
    public long LastProgress { get; private set; }

    /// <summary>Bytes taken since the backlog began.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Time of the first call of <see cref="IsTooSlow"/> that found it over the limit; null when the last call did not.</summary>
    public long? OverLimitSince { get; private set; }

    public void Blocked(long now, int sentBytes)
    {
        if (!IsBlocked)
        {
            IsBlocked = true;
            Since = now;
            LastProgress = now;
            SentBytes = 0;
            OverLimitSince = null;
        }

        Progressed(now, sentBytes);
    }

    public void Progressed(long now, int sentBytes)
    {
        if (sentBytes > 0)
        {
            LastProgress = now;
            SentBytes += sentBytes;
        }
    }

    /// <summary>When to call <see cref="IsTooSlow"/> next.</summary>
    public long NextLook(long now, StreamLimits limits) => Math.Min(LastProgress + limits.MaxStall, now + (limits.MaxBacklogTime / LooksPerLimit));

    /// <summary>Whether the peer has read nothing for a while, or too little for longer.</summary>
    public bool IsTooSlow(long now, int queuedBytes, StreamLimits limits)
    {
        OverLimitSince = queuedBytes > limits.MaxBacklogBytes ? OverLimitSince ?? now : null;
        long blockedFor = now - Since;
        return now - LastProgress >= limits.MaxStall
            || (OverLimitSince is { } since && now - since >= limits.MaxBacklogTime)
            || (blockedFor >= limits.MaxBacklogTime && SentBytes < blockedFor / LoopClock.NanosecondsPerSecond * MinReadBytesPerSecond);
    }

    public void Clear() => IsBlocked = false;
}

namespace NetLoop.Transports.Streams;

/// <summary>How well a peer reads: since when its window has held bytes back, and how fast they go.</summary>
/// <remarks>Thread: loop. Times are nanoseconds of peer time.</remarks>
internal sealed class SendBacklog
{
    /// <summary>Whether bytes wait because the kernel took less than offered.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>When the present backlog began.</summary>
    public long Since { get; private set; }

    /// <summary>When a byte was last taken, or the backlog began.</summary>
    public long LastProgress { get; private set; }

    /// <summary>Bytes taken since the backlog began.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Since when it has been over the owner's limit, as far as <see cref="Note"/> was told; null when it is not.</summary>
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

    /// <summary>Notes whether more waits than the owner allows for long.</summary>
    public void Note(bool isOverLimit, long now) => OverLimitSince = isOverLimit ? OverLimitSince ?? now : null;

    public void Clear() => IsBlocked = false;
}

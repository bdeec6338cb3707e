using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Demo.Relay;

/// <summary>One direction of one client: decides which datagrams arrive, how often, and when.</summary>
/// <param name="random">The same seed and the same datagrams give the same decisions.</param>
/// <param name="counters">Counts them.</param>
/// <remarks>Thread: one at a time. Reads no clock and does no I/O.</remarks>
[SuppressMessage("Security", "CA5394", Justification = "A bad network needs no good randomness, and must be repeatable.")]
internal sealed class RelayPath(Random random, RelayCounters counters)
{
    /// <summary>The headers of UDP and IPv4, which a link carries too.</summary>
    private const int HeaderBytes = 28;

    private const double NanosecondsPerSecond = 1e9;
    private const long NanosecondsPerTick = 100;

    private bool _isInBurst;
    private long _linkFree;

    /// <summary>Decides about a datagram.</summary>
    /// <param name="conditions">The network.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="now">When it came, in nanoseconds.</param>
    /// <param name="first">When it arrives.</param>
    /// <param name="copy">When its copy arrives.</param>
    /// <returns>How often it arrives: 0, 1 or 2 times.</returns>
    public int Plan(NetworkConditions conditions, int bytes, long now, out long first, out long copy)
    {
        first = now;
        copy = now;
        counters.Received++;
        if (!TryCross(conditions, bytes, now, out long crossed))
        {
            counters.Overflowed++;
            return 0;
        }

        if (IsLost(conditions))
        {
            counters.Lost++;
            return 0;
        }

        first = crossed + Delay(conditions);
        if (conditions.Reordering > 0 && random.NextDouble() < conditions.Reordering)
        {
            counters.Reordered++;
            first += NetworkConditions.ReorderDelay.Ticks * NanosecondsPerTick;
        }

        if (conditions.Duplication > 0 && random.NextDouble() < conditions.Duplication)
        {
            counters.Duplicated++;
            copy = crossed + Delay(conditions);
            return 2;
        }

        return 1;
    }

    // A link of limited rate sends one datagram after the other; those that wait are its queue.
    private bool TryCross(NetworkConditions conditions, int bytes, long now, out long crossed)
    {
        crossed = now;
        if (conditions.BytesPerSecond <= 0)
        {
            _linkFree = now;
            return true;
        }

        long starts = Math.Max(now, _linkFree);
        double waiting = (starts - now) / NanosecondsPerSecond * conditions.BytesPerSecond;
        if (waiting + bytes > conditions.QueueBytes)
        {
            return false;
        }

        crossed = starts + (long)((bytes + HeaderBytes) * NanosecondsPerSecond / conditions.BytesPerSecond);
        _linkFree = crossed;
        return true;
    }

    // Bursts as in the model of Gilbert and Elliott: a burst ends with the inverse of its mean length, and begins so often that the share of losses is right.
    private bool IsLost(NetworkConditions conditions)
    {
        double loss = conditions.Loss;
        if (loss is <= 0 or >= 1 || conditions.LossBurst <= 1)
        {
            _isInBurst = false;
            return loss > 0 && random.NextDouble() < loss;
        }

        double chance = _isInBurst ? 1 - (1 / conditions.LossBurst) : loss / (conditions.LossBurst * (1 - loss));
        _isInBurst = random.NextDouble() < chance;
        return _isInBurst;
    }

    private long Delay(NetworkConditions conditions)
    {
        double jitter = conditions.Jitter > TimeSpan.Zero ? ((random.NextDouble() * 2) - 1) * conditions.Jitter.Ticks : 0;
        return Math.Max(0, (long)(conditions.Latency.Ticks + jitter)) * NanosecondsPerTick;
    }
}

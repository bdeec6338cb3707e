using System.Runtime.CompilerServices;

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>The segments of one packet, as runs of consecutive numbers of a lane.</summary>
internal struct RunList
{
    /// <summary>Most runs in a packet; a segment that would begin another waits for the next packet.</summary>
    public const int MaxRuns = 8;

    private Runs _runs;

    public int Count { get; private set; }

    public readonly Run this[int index] => _runs[index];

    /// <summary>Adds a segment.</summary>
    /// <returns>False if there is no room for another run.</returns>
    public bool TryAdd(int lane, long number)
    {
        if (Count > 0)
        {
            ref Run last = ref _runs[Count - 1];
            if (last.Lane == lane && last.First + last.Length == number)
            {
                last = last with { Length = last.Length + 1 };
                return true;
            }
        }

        if (Count == MaxRuns)
        {
            return false;
        }

        _runs[Count++] = new Run(lane, number, 1);
        return true;
    }

    /// <summary>Consecutive segments of a lane.</summary>
    internal readonly record struct Run(int Lane, long First, int Length);

    [InlineArray(MaxRuns)]
    private struct Runs
    {
        private Run _first;
    }
}

using System.Globalization;
using NetLoop.Diagnostics;

namespace NetLoop.Hosting;

/// <summary>
/// The end of a log line about a late tick: the number of late ticks that were not logged, and the worst of them if it was worse than this one.
/// </summary>
/// <param name="Count">Late ticks since the last line.</param>
/// <param name="Worst">The worst of them.</param>
/// <param name="Lateness">How late the tick of this line was, in nanoseconds.</param>
internal readonly record struct SuppressedTicks(long Count, LateTick Worst, long Lateness)
{
    /// <inheritdoc/>
    public override string ToString() => Count == 0 || Worst.Lateness <= Lateness
        ? new Suppressed(Count).ToString()
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{new Suppressed(Count).ToString().TrimEnd(')')}; the worst: tick {Worst.Tick} started {Worst.Lateness / 1e6:F1} ms late. {Worst})");
}

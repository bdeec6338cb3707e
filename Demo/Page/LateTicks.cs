using System.Globalization;
using NetLoop.Hosting;

namespace NetLoop.Demo.Page;

/// <summary>Tells of late ticks. The engine logs one in some seconds; the worst one is told in any case.</summary>
/// <param name="board">Where it is told.</param>
/// <param name="tickRate">Steps a second.</param>
/// <remarks>Thread: any.</remarks>
internal sealed class LateTicks(HappeningBoard board, int tickRate)
{
    /// <summary>The sampled lateness is rounded up to the end of a bucket.</summary>
    private const float Rounding = 1.05f;

    private int? _withoutCause;

    /// <summary>Tells of a tick that the engine logged, and of a worse one that it had not.</summary>
    /// <param name="milliseconds">How late it was.</param>
    /// <param name="cause">Why, in sentences.</param>
    /// <param name="suppressed">Late ticks that were not logged.</param>
    public void Tell(double milliseconds, string cause, SuppressedTicks suppressed)
    {
        float worst = suppressed.Worst.Lateness / 1e6f;
        if (suppressed.Count > 0 && worst > milliseconds)
        {
            TellWorst(worst, Sentence(worst, suppressed.Worst.ToString()));
        }

        string others = suppressed.Count switch
        {
            0 => "",
            1 => " Another one was late before.",
            _ => string.Create(CultureInfo.InvariantCulture, $" {suppressed.Count} others were late before."),
        };
        board.Tell(HappeningKind.Late, Sentence(milliseconds, cause + others), (float)milliseconds);
    }

    /// <summary>Tells of the latest tick of a sample when it was later than any that was told.</summary>
    public void Check(float lateMaxMilliseconds)
    {
        float step = 1_000f / tickRate;
        if (lateMaxMilliseconds > 2 * step && lateMaxMilliseconds > board.WorstLateness * Rounding)
        {
            _withoutCause = board.Tell(
                HappeningKind.Late, Sentence(lateMaxMilliseconds, "The engine logs one late tick in 5 s; the cause of this one follows."), lateMaxMilliseconds);
        }
    }

    private static string Sentence(double milliseconds, string cause) =>
        string.Create(CultureInfo.InvariantCulture, $"A tick started {milliseconds:N0} ms late. {cause}");

    private void TellWorst(float milliseconds, string sentence)
    {
        if (_withoutCause is { } id && milliseconds >= board.WorstLateness / Rounding)
        {
            board.Retell(id, sentence);
        }
        else
        {
            board.Tell(HappeningKind.Late, sentence, milliseconds);
        }

        _withoutCause = null;
    }
}

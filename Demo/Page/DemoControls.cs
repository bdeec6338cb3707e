using System.Globalization;
using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;

namespace NetLoop.Demo.Page;

/// <summary>The controls of a running demo.</summary>
/// <remarks>Thread: the one that runs the server's handlers.</remarks>
internal sealed class DemoControls(
    ArenaModule arena, BotFleet fleet, TroubleMakers slowReaders, TroubleMakers garbageSenders, HappeningBoard board, Controls initial)
{
    /// <summary>The maximum values.</summary>
    public static readonly Controls Most = new(Bots: 2_000, Rate: 60, HandlerMicroseconds: 500, SlowReaders: 50, GarbageSenders: 50);

    /// <summary>Changes within this time share a line, so that dragging a slider adds only one.</summary>
    private const long SameChangeMilliseconds = 2_000;

    private readonly Dictionary<string, Change> _changes = [];

    /// <summary>The initial values.</summary>
    public Controls Initial { get; } = initial;

    /// <summary>The current values.</summary>
    public Controls Current { get; private set; } = initial;

    /// <summary>Sets all values; those out of range are limited to it.</summary>
    /// <returns>The current values.</returns>
    public Controls Set(in Controls wanted)
    {
        Controls before = Current;
        Controls now = wanted.Limit(Most);
        Current = now;
        Apply("Bots", "", before.Bots, now.Bots, fleet.Resize);
        Apply("Messages per second per bot", "", before.Rate, now.Rate, fleet.SetRate);
        Apply(
            "Cost of a steering handler",
            " µs",
            before.HandlerMicroseconds,
            now.HandlerMicroseconds,
            cost => arena.HandlerCost = TimeSpan.FromMicroseconds(cost));
        Apply("Slow readers", "", before.SlowReaders, now.SlowReaders, slowReaders.Resize);
        Apply("Garbage senders", "", before.GarbageSenders, now.GarbageSenders, garbageSenders.Resize);
        return now;
    }

    /// <summary>Reports that the loop is paused.</summary>
    public void NotePause(TimeSpan length) => board.Tell(
        HappeningKind.Control, string.Create(CultureInfo.InvariantCulture, $"Somebody froze the loop's thread for {length.TotalMilliseconds:N0} ms."));

    private void Apply(string what, string unit, int before, int now, Action<int> set)
    {
        if (before == now)
        {
            return;
        }

        set(now);
        if (_changes.GetValueOrDefault(what) is { } change && board.Now - change.At < SameChangeMilliseconds)
        {
            change.At = board.Now;
            board.Retell(change.Id, Sentence(what, unit, change.From, now));
            return;
        }

        int id = board.Tell(HappeningKind.Control, Sentence(what, unit, before, now));
        _changes[what] = new Change { Id = id, From = before, At = board.Now };
    }

    private static string Sentence(string what, string unit, int before, int now) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} set from {before}{unit} to {now}{unit}.");

    private sealed class Change
    {
        public required int Id { get; init; }

        public required int From { get; init; }

        public required long At { get; set; }
    }
}

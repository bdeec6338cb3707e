using System.Globalization;
using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;
using NetLoop.Demo.Relay;

namespace NetLoop.Demo.Page;

/// <summary>The controls of a running demo.</summary>
/// <remarks>Thread: the one that runs the server's handlers.</remarks>
/// <param name="arena">The game.</param>
/// <param name="fleet">The bots.</param>
/// <param name="slowReaders">Clients that do not read.</param>
/// <param name="garbageSenders">Clients that send random bytes.</param>
/// <param name="setNetwork">Sets the network of the bots on UDP, in both directions.</param>
/// <param name="board">Receives the changes.</param>
/// <param name="initial">The initial values.</param>
internal sealed class DemoControls(
    ArenaModule arena,
    BotFleet fleet,
    TroubleMakers slowReaders,
    TroubleMakers garbageSenders,
    Action<NetworkConditions> setNetwork,
    HappeningBoard board,
    Controls initial)
{
    /// <summary>The maximum values.</summary>
    public static readonly Controls Most = new(
        Bots: 2_000,
        Rate: 60,
        HandlerMicroseconds: 500,
        SlowReaders: 50,
        GarbageSenders: 50,
        LossPercent: 40,
        LatencyMilliseconds: 250,
        JitterMilliseconds: 100);

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
        Apply("Packet loss of UDP bots", "%", before.LossPercent, now.LossPercent, _ => SetNetwork(now));
        Apply("Latency of UDP bots, each way,", " ms", before.LatencyMilliseconds, now.LatencyMilliseconds, _ => SetNetwork(now));
        Apply("Jitter of UDP bots", " ms", before.JitterMilliseconds, now.JitterMilliseconds, _ => SetNetwork(now));
        return now;
    }

    /// <summary>Reports that the loop is paused.</summary>
    public void NotePause(TimeSpan length) => board.Tell(
        HappeningKind.Control, string.Create(CultureInfo.InvariantCulture, $"Somebody froze the loop's thread for {length.TotalMilliseconds:N0} ms."));

    private void SetNetwork(in Controls now) => setNetwork(new NetworkConditions
    {
        Loss = now.LossPercent / 100.0,
        Latency = TimeSpan.FromMilliseconds(now.LatencyMilliseconds),
        Jitter = TimeSpan.FromMilliseconds(now.JitterMilliseconds),
    });

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

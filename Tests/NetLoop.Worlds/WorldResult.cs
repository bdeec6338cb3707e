using System.Globalization;

namespace NetLoop.Worlds;

/// <summary>The outcome of a world.</summary>
internal sealed class WorldResult
{
    public required WorldOptions Options { get; init; }

    /// <summary>A summary of what the seed drew, on a few lines.</summary>
    public required string Configuration { get; init; }

    /// <summary>The first invariant that was broken; null if all held.</summary>
    public required Violation? Violation { get; init; }

    /// <summary>Whether it was stopped before its end, by a tick or by a person.</summary>
    public required bool IsPartial { get; init; }

    /// <summary>A hash of everything that happened.</summary>
    public required ulong Hash { get; init; }

    /// <summary>Number of events in that hash.</summary>
    public required long Events { get; init; }

    /// <summary>Virtual time that passed, in nanoseconds.</summary>
    public required long VirtualTime { get; init; }

    /// <summary>Ticks of the server, over its restarts.</summary>
    public required long Ticks { get; init; }

    /// <summary>Sessions that clients opened.</summary>
    public required long Sessions { get; init; }

    /// <summary>Messages that arrived, in both directions.</summary>
    public required long Messages { get; init; }

    /// <summary>How often each fault class happened.</summary>
    public required long[] Fired { get; init; }

    /// <summary>The hash after every <see cref="World.CheckpointEvents"/> events.</summary>
    public required IReadOnlyList<ulong> Checkpoints { get; init; }

    /// <summary>This result, or a violation if a second run of the same world differs.</summary>
    public WorldResult ComparedWith(WorldResult again)
    {
        if (Hash == again.Hash && Events == again.Events)
        {
            return this;
        }

        int same = 0;
        while (same < Checkpoints.Count && same < again.Checkpoints.Count && Checkpoints[same] == again.Checkpoints[same])
        {
            same++;
        }

        string text =
            $"the second run did something else, between event {same * World.CheckpointEvents} and {(same + 1) * World.CheckpointEvents}: hash "
                + $"{Hash:x16} and {again.Hash:x16}";
        return new WorldResult
        {
            Options = Options,
            Configuration = Configuration,
            Violation = new Violation("I25", text, VirtualTime, Ticks, WorldPhase.Done),
            IsPartial = IsPartial,
            Hash = Hash,
            Events = Events,
            VirtualTime = VirtualTime + again.VirtualTime,
            Ticks = Ticks,
            Sessions = Sessions,
            Messages = Messages,
            Fired = Fired,
            Checkpoints = Checkpoints,
        };
    }

    /// <summary>The last line of a report.</summary>
    public string Describe() => Violation is { } broken
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"FAIL {broken.Invariant} in {broken.Phase} at tick {broken.Tick}, {broken.Time / 1e9:0.000000} s: {broken.Text}\n  repeat it: netloop "
                + $"sim {Options.ToArguments()}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(IsPartial ? "stopped" : "ok")} {Hash:x16} {Events} events, {Ticks} ticks, {Sessions} sessions, {Messages} messages, {Fired.Sum()} "
                + $"faults, {VirtualTime / 1e9:0.0} s of virtual time");
}

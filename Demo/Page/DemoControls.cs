using System.Globalization;
using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;

namespace NetLoop.Demo.Page;

/// <summary>What can be done to a running demo.</summary>
/// <remarks>Thread: that of the server's handlers.</remarks>
internal sealed class DemoControls(ArenaModule arena, BotFleet fleet, TroubleMakers slowReaders, TroubleMakers garbageSenders, Controls initial)
{
    /// <summary>The most that can be asked for.</summary>
    public static readonly Controls Most = new(Bots: 2_000, Rate: 60, HandlerMicroseconds: 500, SlowReaders: 50, GarbageSenders: 50);

    /// <summary>What it is set to now.</summary>
    public Controls Current { get; private set; } = initial;

    /// <summary>Called with what somebody did, in words.</summary>
    public Action<string>? OnChanged { get; set; }

    /// <summary>Sets everything; values out of range are brought into it.</summary>
    /// <returns>What it is set to now.</returns>
    public Controls Set(in Controls wanted)
    {
        Controls before = Current;
        Controls now = wanted.Limit(Most);
        Current = now;
        Apply("bots", before.Bots, now.Bots, fleet.Resize);
        Apply("messages a second and bot", before.Rate, now.Rate, fleet.SetRate);
        Apply("µs a steering handler", before.HandlerMicroseconds, now.HandlerMicroseconds, cost => arena.HandlerCost = TimeSpan.FromMicroseconds(cost));
        Apply("slow readers", before.SlowReaders, now.SlowReaders, slowReaders.Resize);
        Apply("garbage senders", before.GarbageSenders, now.GarbageSenders, garbageSenders.Resize);
        return now;
    }

    /// <summary>Says what somebody did.</summary>
    public void Note(string what) => OnChanged?.Invoke(what);

    private void Apply(string what, int before, int now, Action<int> set)
    {
        if (before != now)
        {
            set(now);
            Note(string.Create(CultureInfo.InvariantCulture, $"{what}: {before} to {now}"));
        }
    }
}

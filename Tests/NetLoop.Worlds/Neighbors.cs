namespace NetLoop.Worlds;

/// <summary>Other code in the server's process: it opens files and clients of its own until few descriptors are left, and closes them again.</summary>
internal sealed class Neighbors(World world, SeededRandom random) : ISimulatedEvent
{
    /// <summary>
    /// Descriptors that they leave free. They take many of those that the server reserves for the runtime, because the reserve is for them too.
    /// </summary>
    private const int Left = 40;

    private const long ShortestPause = 5_000_000;
    private const long LongestPause = 400_000_000;

    private long _end;

    /// <summary>Opens and closes files until the given time.</summary>
    public void Begin(long end)
    {
        _end = end;
        ScheduleNext();
    }

    /// <summary>Closes all files.</summary>
    public void Leave() => world.Server.Host.ReturnDescriptors(int.MaxValue);

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (world.Network.Events.Now >= _end)
        {
            return;
        }

        SimulatedHost host = world.Server.Host;
        if (world.Server.IsRunning)
        {
            int most = Math.Max(0, host.MaxSockets - Left - host.OpenDescriptors);
            int count = random.Chance(0.5) ? most : random.Next(most + 1);
            if (random.Chance(0.6))
            {
                host.TakeDescriptors(count);
            }
            else
            {
                host.ReturnDescriptors(random.Next(host.OtherDescriptors + 1));
            }
        }

        ScheduleNext();
    }

    private void ScheduleNext() =>
        world.Network.Events.Schedule(world.Network.Events.Now + random.Between(ShortestPause, LongestPause), this, 0);
}

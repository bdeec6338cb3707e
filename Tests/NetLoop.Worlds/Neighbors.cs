namespace NetLoop.Worlds;

/// <summary>Others in the server's process: they open files and clients of their own, until few descriptors are left, and close them again.</summary>
internal sealed class Neighbors(World world, SeededRandom random) : ISimulatedEvent
{
    /// <summary>What they leave free. They go a good way into what a server leaves to the runtime: that is for others too.</summary>
    private const int Left = 40;

    private const long ShortestPause = 5_000_000;
    private const long LongestPause = 400_000_000;

    private long _end;

    /// <summary>From now on until then.</summary>
    public void Begin(long end)
    {
        _end = end;
        ScheduleNext();
    }

    /// <summary>Closes everything of theirs.</summary>
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

using NetLoop.Buffers;

namespace NetLoop.Worlds;

/// <summary>Occasional faults of machines and links: pauses, crashes, cut links, no memory, no descriptors.</summary>
internal sealed partial class HostFaults(World world, SeededRandom random) : ISimulatedEvent
{
    private const int EventNext = 0;
    private const int EventFreePool = 1;
    private const int EventFreeDescriptors = 2;
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;

    /// <summary>A larger pool is not emptied: that would take the memory of the real machine.</summary>
    private const long LargestPool = 8L << 20;

    private readonly List<Lease> _leases = [];
    private LoopDriver? _poolDriver;
    private long _leasedBytes;
    private long _end;

    private SimulatedNetwork Network => world.Network;

    private FaultPlan Faults => world.Network.Faults;

    private long Now => world.Network.Events.Now;

    /// <summary>Causes faults until the given time.</summary>
    public void Begin(long end)
    {
        _end = end;
        ScheduleNext();
    }

    /// <summary>Ends the lasting faults. Machines that are down start again by themselves, and cut links are up again by the end.</summary>
    public void Heal()
    {
        FreePool();
        world.Server.Host.MaxSocketsNow = int.MaxValue;
    }

    /// <summary>A loop died, and with it the pool that leases were taken from.</summary>
    public void Forget(LoopDriver driver)
    {
        if (_poolDriver == driver)
        {
            FreePool();
        }
    }

    /// <summary>Leases and bytes that are taken from a loop's pool now.</summary>
    public (long Leases, long Bytes) HeldFrom(LoopDriver driver) => driver == _poolDriver ? (_leases.Count, _leasedBytes) : (0, 0);

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        switch (kind)
        {
            case EventFreePool:
                FreePool();
                break;

            case EventFreeDescriptors:
                world.Server.Host.MaxSocketsNow = int.MaxValue;
                break;

            default:
                if (Now < _end)
                {
                    Strike();
                    ScheduleNext();
                }

                break;
        }
    }

    private void ScheduleNext() => Network.Events.Schedule(Now + random.Between(Millisecond, 2 * world.Settings.HostFaultInterval), this, EventNext);

    private void Strike()
    {
        if (Faults.Hits(FaultClass.HostPause))
        {
            Pause(FaultClass.HostPause);
        }

        if (Faults.Hits(FaultClass.SlowConsumer))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.SlowConsumer);
            AnyNode(stream).Driver?.PauseUntil(Until(stream.Between(Second, 8 * Second)));
        }

        if (Faults.Hits(FaultClass.LinkDown))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.LinkDown);
            Network.TakeDown(AnyNode(stream).Host, world.Server.Host, Until(stream.Between(50 * Millisecond, 3 * Second)));
        }

        StrikeLinks();
        if (Faults.Hits(FaultClass.AddressChanged))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.AddressChanged);
            Network.TranslationOf(AnyNode(stream).Host).Rebind(changesHost: stream.Chance(0.3));
        }

        if (Faults.Hits(FaultClass.ProcessCrash))
        {
            Crash(FaultClass.ProcessCrash, withoutAWord: false);
        }

        if (Faults.Hits(FaultClass.PowerLoss))
        {
            Crash(FaultClass.PowerLoss, withoutAWord: true);
        }

        if (Faults.Hits(FaultClass.WallClockStep))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.WallClockStep);
            Network.Hosts[stream.Next(Network.Hosts.Count)].Clock.WallOffset += TimeSpan.FromSeconds(
                stream.Between(-315_000_000L, 315_000_000L) >> stream.Next(24));
        }

        if (world.Settings.MaxBufferBytes <= LargestPool && Faults.Hits(FaultClass.PoolExhausted))
        {
            TakePool();
        }

        if (Faults.Hits(FaultClass.DescriptorsExhausted))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.DescriptorsExhausted);
            world.Server.Host.MaxSocketsNow = world.Server.Host.OpenSockets + stream.Next(3);
            Network.Events.Schedule(Now + stream.Between(50 * Millisecond, 1_500 * Millisecond), this, EventFreeDescriptors);
        }
    }

    /// <summary>As short as a garbage collection; one in ten as long as on a machine that swaps.</summary>
    private void Pause(FaultClass fault)
    {
        SeededRandom stream = Faults.StreamOf(fault);
        if (world.Settings.IsOverload)
        {
            // Like a suspended process or a migrated virtual machine. Only the server pauses: it may call paused clients idle.
            world.Server.Driver?.PauseUntil(Now + world.Settings.StallTime);
            return;
        }

        int index = stream.Next(world.Nodes.Count + 1);
        LoopDriver? driver = index == world.Nodes.Count ? world.Server.Driver : world.Nodes[index].Driver;
        long duration = stream.Chance(0.1) ? stream.Between(50 * Millisecond, 2 * Second) : stream.Between(200_000, 50 * Millisecond);
        driver?.PauseUntil(Until(duration));
    }

    private void Crash(FaultClass fault, bool withoutAWord)
    {
        SeededRandom stream = Faults.StreamOf(fault);
        bool isServer = stream.Chance(0.3);
        ClientNode node = AnyNode(stream);
        long restart = Now + stream.Between(50 * Millisecond, 2 * Second);
        if (isServer)
        {
            world.Server.Crash(withoutAWord, restart);
        }
        else
        {
            node.Crash(withoutAWord, restart);
        }
    }

    private void TakePool()
    {
        if (_poolDriver is not null || world.Server.Driver is not { IsOver: false } driver)
        {
            return;
        }

        _poolDriver = driver;
        BufferPool pool = driver.Core.Pool;
        for (int size = 256 * 1024; size >= 256; size /= 4)
        {
            while (pool.TryRent(size, nameof(HostFaults), out Lease lease))
            {
                _leases.Add(lease);
                _leasedBytes += lease.Length;
            }
        }

        Network.Events.Schedule(Now + Faults.StreamOf(FaultClass.PoolExhausted).Between(5 * Millisecond, 500 * Millisecond), this, EventFreePool);
    }

    private void FreePool()
    {
        foreach (Lease lease in _leases)
        {
            lease.Return();
        }

        _leases.Clear();
        _leasedBytes = 0;
        _poolDriver = null;
    }

    private ClientNode AnyNode(SeededRandom stream) => world.Nodes[stream.Next(world.Nodes.Count)];

    private long Until(long duration) => Math.Min(Now + duration, _end);
}

using NetLoop.Simulation;
using NetLoop.Worlds;

namespace NetLoop.Demo.Sim;

/// <summary>The totals of several worlds.</summary>
/// <remarks>Thread: any; one lock.</remarks>
internal sealed class SimTotals
{
    private readonly Lock _lock = new();
    private readonly long[] _fired = new long[FaultPlan.ClassCount];
    private readonly long[] _worlds = new long[FaultPlan.ClassCount];

    public long Runs { get; private set; }

    public long Failures { get; private set; }

    public WorldResult? FirstFailure { get; private set; }

    /// <summary>The total virtual time in nanoseconds.</summary>
    public long VirtualTime { get; private set; }

    public long Messages { get; private set; }

    public long Sessions { get; private set; }

    /// <summary>The sum of all trace hashes; it does not depend on the order in which worlds end.</summary>
    public ulong Hash { get; private set; }

    /// <summary>How often each class of faults happened.</summary>
    public ReadOnlySpan<long> Fired => _fired;

    /// <summary>In how many worlds each class of faults happened.</summary>
    public ReadOnlySpan<long> Worlds => _worlds;

    public void Add(WorldResult result)
    {
        lock (_lock)
        {
            Runs++;
            VirtualTime += result.VirtualTime;
            Messages += result.Messages;
            Sessions += result.Sessions;
            Hash = unchecked(Hash + result.Hash);
            for (int i = 0; i < _fired.Length; i++)
            {
                _fired[i] += result.Fired[i];
                _worlds[i] += result.Fired[i] > 0 ? 1 : 0;
            }

            if (result.Violation is not null)
            {
                Failures++;
                FirstFailure ??= result;
            }
        }
    }
}

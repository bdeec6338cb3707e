namespace NetLoop.Simulation;

/// <summary>Which faults one simulation has, how often, and how often each one happened.</summary>
/// <remarks>Every class has a stream of randomness of its own, so that switching one off leaves the others where they were.</remarks>
internal sealed class FaultPlan
{
    public static readonly int ClassCount = Enum.GetValues<FaultClass>().Length;

    private const ulong FaultStreams = 1_000_000;

    private readonly SeededRandom[] _streams = new SeededRandom[ClassCount];
    private readonly double[] _probabilities = new double[ClassCount];
    private readonly long[] _fired = new long[ClassCount];

    public FaultPlan(ulong seed)
    {
        for (int i = 0; i < ClassCount; i++)
        {
            _streams[i] = SeededRandom.For(seed, FaultStreams + (ulong)i);
        }
    }

    /// <summary>Whether faults happen now; off while a world heals.</summary>
    public bool IsActive { get; set; }

    /// <summary>How often each class happened.</summary>
    public ReadOnlySpan<long> Fired => _fired;

    /// <summary>The class's own randomness, for the details of a fault.</summary>
    public SeededRandom StreamOf(FaultClass fault) => _streams[(int)fault];

    public double ProbabilityOf(FaultClass fault) => _probabilities[(int)fault];

    /// <param name="fault">Which one.</param>
    /// <param name="probability">Of each opportunity; 0 switches the class off.</param>
    public void Set(FaultClass fault, double probability) => _probabilities[(int)fault] = probability;

    /// <summary>Whether the fault happens at this opportunity.</summary>
    public bool Hits(FaultClass fault)
    {
        double probability = _probabilities[(int)fault];
        if (probability == 0 || !IsActive || !_streams[(int)fault].Chance(probability))
        {
            return false;
        }

        _fired[(int)fault]++;
        return true;
    }

    /// <summary>Counts a fault that was decided elsewhere.</summary>
    public void Count(FaultClass fault) => _fired[(int)fault]++;
}

namespace NetLoop.Simulation;

/// <summary>The faults of one simulation, with their probabilities, and the number of times each has happened.</summary>
/// <remarks>Every class has its own random stream, so that switching one off does not change the others.</remarks>
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

    /// <summary>Whether faults happen now; false while a world recovers.</summary>
    public bool IsActive { get; set; }

    /// <summary>Number of times that each class happened.</summary>
    public ReadOnlySpan<long> Fired => _fired;

    /// <summary>The random stream of a class, for the details of a fault.</summary>
    public SeededRandom StreamOf(FaultClass fault) => _streams[(int)fault];

    public double ProbabilityOf(FaultClass fault) => _probabilities[(int)fault];

    /// <param name="fault">The class.</param>
    /// <param name="probability">The probability at each opportunity; 0 switches the class off.</param>
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

    /// <summary>Counts a fault that was decided by other code.</summary>
    public void Count(FaultClass fault) => _fired[(int)fault]++;
}

#pragma warning disable CA1031 // Whatever a parser throws is what is looked for.
using System.Diagnostics;
using System.Globalization;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Targets;

namespace NetLoop.Fuzzing.Running;

/// <summary>Feeds inputs to one target, and keeps inputs that reach new states, to change them further.</summary>
internal sealed class Fuzzer
{
    private const int MaxKept = 4_096;
    private const int MaxChanges = 5;
    private const int ClockEvery = 256;

    // Short inputs find as much as long ones in a tenth of the time.
    private const int UsualBytes = 300;
    private const int LongOnceIn = 64;

    // An input counts as slow or large only if it is so again, measured in processor time: the machine may be busy with something else, and the first
    // call also pays for what is created only once.
    private const int Attempts = 5;
    private static readonly TimeSpan TimePerKibibyte = TimeSpan.FromMilliseconds(1);

    private readonly IFuzzTarget _target;
    private readonly FuzzRandom _random;
    private readonly Mutator _mutator;
    private readonly FuzzProbe _probe = new();
    private readonly InputBuffer _input = new();
    private readonly List<byte[]> _kept = [];

    public Fuzzer(IFuzzTarget target, ulong seed)
    {
        _target = target;
        _random = new FuzzRandom(seed);
        _mutator = new Mutator(_random);
    }

    /// <summary>Runs one input.</summary>
    /// <returns>The problem; null for none.</returns>
    public static FuzzFailure? RunOne(IFuzzTarget target, byte[] input) => new Fuzzer(target, seed: 0).Check(input);

    /// <summary>Runs the corpus, then inputs derived from it.</summary>
    /// <param name="corpus">Inputs to begin with.</param>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="time">Time after which it stops in any case.</param>
    public FuzzResult Run(IEnumerable<byte[]> corpus, long inputs, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        long done = 0;
        FuzzFailure? failure = null;
        foreach (byte[] input in corpus)
        {
            if (failure is null && done < inputs)
            {
                done++;
                failure = Check(input);
                _kept.Add(input);
            }
        }

        while (failure is null && done < inputs && (done % ClockEvery != 0 || Stopwatch.GetElapsedTime(start) < time))
        {
            done++;
            MakeInput();
            failure = Check(_input.Written);
            if (_probe.FoundState)
            {
                Keep(_input.Written.ToArray());
            }
        }

        return new(done, Stopwatch.GetElapsedTime(start), _probe.States.Count, _kept.Count, _probe.MostAllocated, failure);
    }

    private void MakeInput()
    {
        _input.Clear();
        if (_kept.Count == 0 || _random.OneIn(4))
        {
            _target.Generate(_input, _random);
        }
        else
        {
            _input.Add(Kept());
        }

        for (int changes = _random.Below(MaxChanges + 1); changes > 0; changes--)
        {
            _mutator.Change(_input, Kept(), _target.Generate);
        }

        if (!_random.OneIn(LongOnceIn))
        {
            _input.Truncate(UsualBytes);
        }
    }

    private ReadOnlySpan<byte> Kept() => _kept.Count == 0 ? [] : _kept[_random.Below(_kept.Count)];

    private void Keep(byte[] input)
    {
        if (_kept.Count < MaxKept)
        {
            _kept.Add(input);
        }
        else
        {
            _kept[_random.Below(MaxKept)] = input;
        }
    }

    private FuzzFailure? Check(ReadOnlySpan<byte> input)
    {
        string? problem = null;
        _probe.BeginStates();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            _probe.Begin();
            problem = FindProblem(input, isFirst: attempt == 0, out bool mayPass);
            if (problem is null)
            {
                return null;
            }

            if (!mayPass)
            {
                break;
            }
        }

        return new(_target.Name, input.ToArray(), problem!);
    }

    // The first attempt uses the clock that costs nothing to read.
    private string? FindProblem(ReadOnlySpan<byte> input, bool isFirst, out bool mayPass)
    {
        mayPass = false;
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = isFirst ? TimeSpan.Zero : ThreadClock.Now;
        try
        {
            _target.Run(input, _probe);
        }
        catch (OracleException exception)
        {
            return exception.Message;
        }
        catch (Exception exception)
        {
            return $"it threw {exception.GetType().Name}: {exception.Message}{Place(exception)}";
        }

        TimeSpan taken = isFirst ? Stopwatch.GetElapsedTime(start) : ThreadClock.Now - before;
        TimeSpan allowed = _target.FixedTime + (TimePerKibibyte * (input.Length / 1_024.0));
        mayPass = true;
        return taken > allowed
            ? string.Create(CultureInfo.InvariantCulture, $"it took {taken.TotalMilliseconds:N1} ms; {allowed.TotalMilliseconds:N1} ms are allowed")
            : _probe.MemoryProblem;
    }

    private static string Place(Exception exception) =>
        exception.StackTrace?.Split('\n') is [{ } first, ..] ? " " + first.Trim() : "";
}

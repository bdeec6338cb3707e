using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetLoop.Fuzzing.Running;

/// <summary>What a target tells of an input: the states it reached, the memory it took, and what must not be.</summary>
internal sealed class FuzzProbe
{
    /// <summary>Every parser may take this much whatever the input.</summary>
    public const int FixedAllowance = 1_024;

    /// <summary>And this much for each byte of it.</summary>
    public const int AllowancePerByte = 8;

    private long _before;

    public StateMap States { get; } = new();

    /// <summary>Whether the input reached a state that no other had reached.</summary>
    public bool FoundState { get; private set; }

    /// <summary>The most memory that one measured call took.</summary>
    public long MostAllocated { get; private set; }

    /// <summary>The last measure that was above what is allowed; null when none was.</summary>
    public string? MemoryProblem { get; private set; }

    /// <summary>Begins another input, or the same once more.</summary>
    public void Begin() => MemoryProblem = null;

    /// <summary>Begins to look for states that are new.</summary>
    public void BeginStates() => FoundState = false;

    /// <summary>Tells of a state.</summary>
    /// <param name="state">Where the parser is.</param>
    /// <param name="code">What it found there.</param>
    /// <param name="length">How much of it; only its magnitude counts.</param>
    public void Visit(int state, int code, int length) => FoundState |= States.Add(state, code, length);

    /// <summary>Oracle: what holds for every input.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
        {
            Fail(otherwise);
        }
    }

    /// <summary>Oracle: what holds for every input.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref ProblemText otherwise)
    {
        if (!holds)
        {
            Fail(otherwise.ToStringAndClear());
        }
    }

    [DoesNotReturn]
    public static void Fail(string what) => throw new OracleException(what);

    /// <summary>From here on memory is counted.</summary>
    public void BeginMeasure() => _before = GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Oracle: memory taken since the beginning of the measure is in proportion to the input.</summary>
    /// <param name="inputBytes">What was read.</param>
    /// <param name="objectBytes">What the objects take that were made of values really in the input; 0 for parsers that make none.</param>
    public void EndMeasure(int inputBytes, long objectBytes = 0) =>
        RequireAllocated(GC.GetAllocatedBytesForCurrentThread() - _before, FixedAllowance + ((long)AllowancePerByte * inputBytes) + objectBytes);

    /// <summary>Oracle: memory taken since the beginning of the measure was charged to the reader's budget, and within it.</summary>
    /// <param name="inputBytes">What was read, with the default limits.</param>
    /// <param name="chargedBytes">What the reader charged.</param>
    /// <param name="isWithin">Whether it found enough in the budget.</param>
    public void EndMeasureOfBudget(int inputBytes, long chargedBytes, bool isWithin)
    {
        RequireAllocated(GC.GetAllocatedBytesForCurrentThread() - _before, FixedAllowance + chargedBytes);
        DecodeLimits limits = DecodeLimits.Default;
        long budget = Math.Max(limits.MinDecodedBytes, (long)limits.MaxDecodedBytesPerByte * inputBytes);
        Require(isWithin == (chargedBytes <= budget), $"{chargedBytes} bytes are charged to a budget of {budget}, and within it is {isWithin}");
    }

    /// <summary>Oracle: no memory was taken since the beginning of the measure.</summary>
    public void EndMeasureOfNothing() => RequireAllocated(GC.GetAllocatedBytesForCurrentThread() - _before, 0);

    private void RequireAllocated(long allocated, long allowed)
    {
        if (allocated > allowed)
        {
            MemoryProblem = string.Create(CultureInfo.InvariantCulture, $"it allocated {allocated:N0} bytes; {allowed:N0} are allowed");
        }
        else
        {
            MostAllocated = Math.Max(MostAllocated, allocated);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetLoop.Fuzzing.Running;

/// <summary>What a target reports about an input: the states that it reached, the memory that it used, and failures.</summary>
internal sealed class FuzzProbe
{
    /// <summary>Bytes that every parser may use, whatever the input.</summary>
    public const int FixedAllowance = 1_024;

    /// <summary>Bytes that it may use in addition for each byte of input.</summary>
    public const int AllowancePerByte = 8;

    private long _before;

    public StateMap States { get; } = new();

    /// <summary>Whether the input reached a state that no other input had reached.</summary>
    public bool FoundState { get; private set; }

    /// <summary>The most memory that one measured call used.</summary>
    public long MostAllocated { get; private set; }

    /// <summary>The last measurement above the limit; null if there was none.</summary>
    public string? MemoryProblem { get; private set; }

    /// <summary>Starts another input, or the same one again.</summary>
    public void Begin() => MemoryProblem = null;

    /// <summary>Starts to record whether states are new.</summary>
    public void BeginStates() => FoundState = false;

    /// <summary>Reports a state.</summary>
    /// <param name="state">The state of the parser.</param>
    /// <param name="code">What it found there.</param>
    /// <param name="length">The length of that; only its magnitude counts.</param>
    public void Visit(int state, int code, int length) => FoundState |= States.Add(state, code, length);

    /// <summary>Oracle: checks a condition that holds for every input.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
        {
            Fail(otherwise);
        }
    }

    /// <summary>Oracle: checks a condition that holds for every input.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref ProblemText otherwise)
    {
        if (!holds)
        {
            Fail(otherwise.ToStringAndClear());
        }
    }

    [DoesNotReturn]
    public static void Fail(string what) => throw new OracleException(what);

    /// <summary>Starts to measure memory.</summary>
    public void BeginMeasure() => _before = GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Oracle: the memory used since the measurement began is in proportion to the input.</summary>
    /// <param name="inputBytes">Number of bytes that were read.</param>
    /// <param name="objectBytes">Memory of objects made from values that are really in the input; 0 for parsers that make none.</param>
    public void EndMeasure(int inputBytes, long objectBytes = 0) =>
        RequireAllocated(GC.GetAllocatedBytesForCurrentThread() - _before, FixedAllowance + ((long)AllowancePerByte * inputBytes) + objectBytes);

    /// <summary>Oracle: the memory used since the measurement began was charged to the reader's budget and stayed within it.</summary>
    /// <param name="inputBytes">Number of bytes that were read, with the default limits.</param>
    /// <param name="chargedBytes">Number of bytes that the reader charged.</param>
    /// <param name="isWithin">Whether the budget was sufficient.</param>
    public void EndMeasureOfBudget(int inputBytes, long chargedBytes, bool isWithin)
    {
        RequireAllocated(GC.GetAllocatedBytesForCurrentThread() - _before, FixedAllowance + chargedBytes);
        DecodeLimits limits = DecodeLimits.Default;
        long budget = Math.Max(limits.MinDecodedBytes, (long)limits.MaxDecodedBytesPerByte * inputBytes);
        Require(isWithin == (chargedBytes <= budget), $"{chargedBytes} bytes are charged to a budget of {budget}, and within it is {isWithin}");
    }

    /// <summary>Oracle: no memory was used since the measurement began.</summary>
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

namespace NetLoop.Demo.Profile;

/// <summary>How often each call was made. Counted by the loop's thread; wakes by any.</summary>
internal sealed class CallCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<StackCall>().Length];

    /// <summary>How often.</summary>
    public long this[StackCall call] => Volatile.Read(ref _counts[(int)call]);

    /// <summary>Counts a call of the loop's thread.</summary>
    public void Count(StackCall call) => _counts[(int)call]++;

    /// <summary>Counts a call of any thread.</summary>
    public void CountShared(StackCall call) => Interlocked.Increment(ref _counts[(int)call]);
}

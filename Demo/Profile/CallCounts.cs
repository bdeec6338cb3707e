namespace NetLoop.Demo.Profile;

/// <summary>How often each call was made. Counted by the threads of all loops.</summary>
internal sealed class CallCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<StackCall>().Length];

    /// <summary>How often.</summary>
    public long this[StackCall call] => Volatile.Read(ref _counts[(int)call]);

    /// <summary>Counts a call.</summary>
    public void Count(StackCall call) => Interlocked.Increment(ref _counts[(int)call]);
}

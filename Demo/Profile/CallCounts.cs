namespace NetLoop.Demo.Profile;

/// <summary>Counts how often each call was made. Updated by the threads of all loops.</summary>
internal sealed class CallCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<StackCall>().Length];

    /// <summary>Number of calls.</summary>
    public long this[StackCall call] => Volatile.Read(ref _counts[(int)call]);

    /// <summary>Counts a call.</summary>
    public void Count(StackCall call) => Interlocked.Increment(ref _counts[(int)call]);
}

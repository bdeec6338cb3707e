namespace NetLoop.Tests.Hosting;

/// <summary>A clock that only a test advances.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private long _nanoseconds;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Volatile.Read(ref _nanoseconds);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _nanoseconds, time.Ticks * 100);

    public void Advance(long nanoseconds) => Interlocked.Add(ref _nanoseconds, nanoseconds);
}

namespace NetLoop.Concurrency.Scenarios;

/// <summary>Time that stands still: no deadline rescues a thread that nothing wakes.</summary>
internal sealed class StoppedTime : TimeProvider
{
    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => 1;
}

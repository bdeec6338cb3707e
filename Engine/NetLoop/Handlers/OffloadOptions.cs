namespace NetLoop;

/// <summary>Lets one handler run on worker threads instead of the loop: for work that blocks or takes long. Its sends cross the command queue.</summary>
public sealed class OffloadOptions
{
    /// <summary>How many calls may run at the same time. With 1, calls keep their order; with more, they do not.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Messages that may wait or run; at the limit the reading of those who send more pauses.</summary>
    public int Capacity { get; init; } = 256;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 1);
    }
}

namespace NetLoop;

/// <summary>Lets one handler run on worker threads instead of the loop, for work that blocks or takes long. Its sends cross the command queue.</summary>
public sealed class OffloadOptions
{
    /// <summary>Maximum number of calls at the same time. With 1, messages are handled in order; with more, they are not.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Maximum number of messages that wait or are being handled; at the limit, reading pauses from connections that send more.</summary>
    public int Capacity { get; init; } = 256;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 1);
    }
}

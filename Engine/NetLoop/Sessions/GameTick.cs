namespace NetLoop.Sessions;

/// <summary>The number of the last tick: one for all loops of a server, of which one runs the ticks.</summary>
/// <remarks>Thread: the loop that runs the ticks writes, any reads.</remarks>
internal sealed class GameTick
{
    private long _number;

    public long Number
    {
        get => Volatile.Read(ref _number);
        set => Volatile.Write(ref _number, value);
    }
}

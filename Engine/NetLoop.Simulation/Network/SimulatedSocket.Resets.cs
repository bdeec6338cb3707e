namespace NetLoop.Simulation;

/// <content>Effects of a device between two hosts on a connection.</content>
internal abstract partial class SimulatedSocket
{
    /// <summary>A device on the path has forgotten the connection and resets it: this side now, the other side later.</summary>
    /// <param name="after">Nanoseconds until the other side gets the reset.</param>
    public void ResetByTheWay(long after)
    {
        SimulatedSocket? peer = Peer;
        OnReset();
        peer?.ScheduleReset(Network.Events.Now + after);
    }
}

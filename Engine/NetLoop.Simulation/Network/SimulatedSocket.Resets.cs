namespace NetLoop.Simulation;

/// <content>What something between two hosts does to a connection.</content>
internal abstract partial class SimulatedSocket
{
    /// <summary>Something on the way has forgotten the connection and says so: to this side now, to the other one later.</summary>
    /// <param name="after">Nanoseconds until the other side hears of it.</param>
    public void ResetByTheWay(long after)
    {
        SimulatedSocket? peer = Peer;
        OnReset();
        peer?.ScheduleReset(Network.Events.Now + after);
    }
}

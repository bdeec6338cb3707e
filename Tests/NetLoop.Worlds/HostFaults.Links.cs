namespace NetLoop.Worlds;

/// <content>Faults of links that one side notices and the other does not, or notices later.</content>
internal sealed partial class HostFaults
{
    private void StrikeLinks()
    {
        if (Faults.Hits(FaultClass.LinkHalfDown))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.LinkHalfDown);
            (SimulatedHost from, SimulatedHost to) = stream.Chance(0.5) ? (AnyNode(stream).Host, world.Server.Host) : (world.Server.Host, AnyNode(stream).Host);
            Network.LinkBetween(from, to).TakeDown(Until(stream.Between(50 * Millisecond, 3 * Second)));
        }

        if (!world.Settings.IsUnix && Faults.Hits(FaultClass.LinkReset))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.LinkReset);
            SimulatedSocket[] connected =
            [
                .. world.Server.Host.Sockets.OfType<SimulatedSocket>().Where(static socket => socket is { State: SocketState.Connected, Peer.IsClosed: false })
            ];
            if (connected.Length > 0)
            {
                SimulatedSocket socket = connected[stream.Next(connected.Length)];
                (stream.Chance(0.5) ? socket : socket.Peer!).ResetByTheWay(stream.Between(100 * Millisecond, 3 * Second));
            }
        }
    }
}

namespace NetLoop.Demo.Page;

/// <summary>
/// Server to page, four times a second: the server's figures since the last message. Also <c>/metrics.json</c>, so the names include the units.
/// </summary>
/// <param name="ElapsedMilliseconds">Time since the server began.</param>
/// <param name="TickMedianMilliseconds">The median time that a tick took.</param>
/// <param name="TickMaxMilliseconds">The longest tick.</param>
/// <param name="LateMaxMilliseconds">How late the latest tick began.</param>
/// <param name="MessagesInPerSecond">Messages received.</param>
/// <param name="MessagesOutPerSecond">Messages sent.</param>
/// <param name="BytesInPerSecond">Bytes received.</param>
/// <param name="BytesOutPerSecond">Bytes sent.</param>
/// <param name="RoundTripMedianMilliseconds">Measured by the bots on TCP and WebSocket; 0 if none measured any.</param>
/// <param name="RoundTripP99Milliseconds">Measured by the bots on TCP and WebSocket; 0 if none measured any.</param>
/// <param name="InboxMessages">Messages that are waiting for their handlers.</param>
/// <param name="SendQueueBytes">Bytes that are waiting to be sent.</param>
/// <param name="MemoryBytes">Memory of the whole process.</param>
/// <param name="AllocatedBytesPerMessage">Bytes that the loop allocated for each message.</param>
/// <param name="Sessions">Open sessions.</param>
/// <param name="Bots">Connected bots.</param>
/// <param name="BusyFraction">The share of its time that the loop worked, 0 to 1.</param>
/// <param name="TicksSkipped">Ticks skipped since the server began.</param>
/// <param name="MessagesLost">Messages of honest bots that were lost or wrong since the server began.</param>
/// <param name="Phases">The share of its time that the loop spent in each phase.</param>
/// <param name="WebSocketBots">Connected bots on WebSocket.</param>
/// <param name="UdpBots">Connected bots on UDP.</param>
/// <param name="UdpRoundTripMedianMilliseconds">Measured by the bots on UDP; 0 if none measured any.</param>
/// <param name="UdpRoundTripP99Milliseconds">Measured by the bots on UDP; 0 if none measured any.</param>
/// <param name="UdpPacketsLostPerSecond">Packets that the server and the bots declared lost.</param>
/// <param name="UdpRetransmissionsPerSecond">Segments that the server and the bots sent again.</param>
/// <param name="SnapshotsSkippedPerSecond">Snapshots that did not arrive, and that nobody waited for.</param>
[NetMessage(134)]
internal readonly partial record struct Vitals(
    [property: Key(0)] long ElapsedMilliseconds,
    [property: Key(1)] float TickMedianMilliseconds,
    [property: Key(2)] float TickMaxMilliseconds,
    [property: Key(3)] float LateMaxMilliseconds,
    [property: Key(4)] float MessagesInPerSecond,
    [property: Key(5)] float MessagesOutPerSecond,
    [property: Key(6)] float BytesInPerSecond,
    [property: Key(7)] float BytesOutPerSecond,
    [property: Key(8)] float RoundTripMedianMilliseconds,
    [property: Key(9)] float RoundTripP99Milliseconds,
    [property: Key(10)] long InboxMessages,
    [property: Key(11)] long SendQueueBytes,
    [property: Key(12)] long MemoryBytes,
    [property: Key(13)] float AllocatedBytesPerMessage,
    [property: Key(14)] long Sessions,
    [property: Key(15)] int Bots,
    [property: Key(16)] float BusyFraction,
    [property: Key(17)] long TicksSkipped,
    [property: Key(18)] long MessagesLost,
    [property: Key(19)] PhaseFractions Phases,
    [property: Key(20)] int WebSocketBots,
    [property: Key(21)] int UdpBots,
    [property: Key(22)] float UdpRoundTripMedianMilliseconds,
    [property: Key(23)] float UdpRoundTripP99Milliseconds,
    [property: Key(24)] float UdpPacketsLostPerSecond,
    [property: Key(25)] float UdpRetransmissionsPerSecond,
    [property: Key(26)] float SnapshotsSkippedPerSecond);

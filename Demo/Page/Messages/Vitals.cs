namespace NetLoop.Demo.Page;

/// <summary>Server to page, four times a second: how the server did since the last time. Also <c>/metrics.json</c>, so that names carry their units.</summary>
/// <param name="ElapsedMilliseconds">Since the server began.</param>
/// <param name="TickMedianMilliseconds">How long a tick took.</param>
/// <param name="TickMaxMilliseconds">The longest tick.</param>
/// <param name="LateMaxMilliseconds">How late the latest tick began.</param>
/// <param name="MessagesInPerSecond">Received.</param>
/// <param name="MessagesOutPerSecond">Sent.</param>
/// <param name="BytesInPerSecond">Received.</param>
/// <param name="BytesOutPerSecond">Sent.</param>
/// <param name="RoundTripMedianMilliseconds">Of the bots; 0 when none measured any.</param>
/// <param name="RoundTripP99Milliseconds">Of the bots; 0 when none measured any.</param>
/// <param name="InboxMessages">Messages that wait for their handlers.</param>
/// <param name="SendQueueBytes">Bytes that wait for slow readers.</param>
/// <param name="MemoryBytes">Of the whole process.</param>
/// <param name="AllocatedBytesPerMessage">What the loop allocated for each message.</param>
/// <param name="Sessions">Open now.</param>
/// <param name="Bots">Connected now.</param>
/// <param name="BusyFraction">The share of its time that the loop worked, 0 to 1.</param>
/// <param name="TicksSkipped">Since the server began.</param>
/// <param name="MessagesLost">Messages of honest bots that were lost, or wrong, since the server began.</param>
/// <param name="Phases">The share of its time that the loop spent in each phase.</param>
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
    [property: Key(19)] PhaseFractions Phases);

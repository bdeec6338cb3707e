namespace NetLoop.Demo.Page;

/// <summary>Server to page, four times a second: how the server did since the last time. Times are in milliseconds, rates are for a second.</summary>
/// <param name="Time">Milliseconds since the server began.</param>
/// <param name="TickMedian">How long a tick took.</param>
/// <param name="TickMax">The longest tick.</param>
/// <param name="LateMax">How late the latest tick began.</param>
/// <param name="MessagesIn">Received.</param>
/// <param name="MessagesOut">Sent.</param>
/// <param name="BytesIn">Received.</param>
/// <param name="BytesOut">Sent.</param>
/// <param name="RoundTripMedian">Of the bots; 0 when none measured any.</param>
/// <param name="RoundTripP99">Of the bots; 0 when none measured any.</param>
/// <param name="InboxDepth">Messages that wait for their handlers.</param>
/// <param name="SendQueueBytes">Bytes that wait for slow readers.</param>
/// <param name="MemoryBytes">Of the whole process.</param>
/// <param name="AllocatedPerMessage">Bytes that the loop allocated for each message.</param>
/// <param name="Sessions">Open now.</param>
/// <param name="Bots">Connected now.</param>
/// <param name="Busy">The share of its time that the loop worked, 0 to 1.</param>
/// <param name="TicksSkipped">Since the server began.</param>
/// <param name="Lost">Messages of honest bots that were lost, or wrong, since the server began.</param>
[NetMessage(134)]
internal readonly partial record struct Vitals(
    [property: Key(0)] long Time,
    [property: Key(1)] float TickMedian,
    [property: Key(2)] float TickMax,
    [property: Key(3)] float LateMax,
    [property: Key(4)] float MessagesIn,
    [property: Key(5)] float MessagesOut,
    [property: Key(6)] float BytesIn,
    [property: Key(7)] float BytesOut,
    [property: Key(8)] float RoundTripMedian,
    [property: Key(9)] float RoundTripP99,
    [property: Key(10)] long InboxDepth,
    [property: Key(11)] long SendQueueBytes,
    [property: Key(12)] long MemoryBytes,
    [property: Key(13)] float AllocatedPerMessage,
    [property: Key(14)] long Sessions,
    [property: Key(15)] int Bots,
    [property: Key(16)] float Busy,
    [property: Key(17)] long TicksSkipped,
    [property: Key(18)] long Lost);

namespace NetLoop.Simulation;

/// <summary>The kind of a trace event.</summary>
internal enum TraceCode
{
    Iteration,
    Listen,
    Accept,
    Connect,
    Receive,
    Send,
    Shutdown,
    Close,
    Arrive,
    Fault,
    Message,
    World,
    Datagram,
    Translate,
}

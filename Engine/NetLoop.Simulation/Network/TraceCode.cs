namespace NetLoop.Simulation;

/// <summary>What a line of a trace is about.</summary>
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
}

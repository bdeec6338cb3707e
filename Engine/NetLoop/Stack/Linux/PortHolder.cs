namespace NetLoop.Stack.Linux;

/// <summary>A process that holds a port, as found by <see cref="PortTable"/>.</summary>
/// <param name="Protocol">tcp, tcp6, udp or udp6.</param>
/// <param name="Local">The address and port the socket is bound to, for UDP as well.</param>
/// <param name="State">LISTEN for TCP; null for UDP, which has no states.</param>
/// <param name="ProcessId">0 if this user may not see the owner of the socket.</param>
/// <param name="ProcessName">At most 15 characters, as stored by the kernel; empty if unknown.</param>
/// <param name="CommandLine">The arguments joined by spaces; empty if unknown.</param>
internal sealed record PortHolder(
    string Protocol,
    NetEndpoint Local,
    string? State,
    int ProcessId,
    string ProcessName,
    string CommandLine);

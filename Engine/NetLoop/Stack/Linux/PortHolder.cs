namespace NetLoop.Stack.Linux;

/// <summary>A process that has a port, as <see cref="PortTable"/> found it.</summary>
/// <param name="Protocol">tcp, tcp6, udp or udp6.</param>
/// <param name="Local">The address and port the socket is bound to, for UDP as well.</param>
/// <param name="State">LISTEN for TCP; null for UDP, which has no states.</param>
/// <param name="ProcessId">0 when this user may not see whose socket it is.</param>
/// <param name="ProcessName">At most 15 characters, as the kernel keeps it; empty when unknown.</param>
/// <param name="CommandLine">The arguments joined by spaces; empty when unknown.</param>
internal sealed record PortHolder(
    string Protocol,
    NetEndpoint Local,
    string? State,
    int ProcessId,
    string ProcessName,
    string CommandLine);

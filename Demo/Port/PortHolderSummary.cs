namespace NetLoop.Demo.Port;

/// <summary>A process that holds a port.</summary>
/// <param name="Protocol">tcp, tcp6, udp or udp6.</param>
/// <param name="Address">The bound address with its port.</param>
/// <param name="State">LISTEN, or null for UDP.</param>
/// <param name="ProcessId">0 if the process belongs to another user.</param>
/// <param name="ProcessName">The name in the kernel.</param>
/// <param name="CommandLine">The arguments, joined by spaces.</param>
/// <param name="Ended">Whether <c>--kill</c> ended the process.</param>
internal sealed record PortHolderSummary(
    string Protocol,
    string Address,
    string? State,
    int ProcessId,
    string ProcessName,
    string CommandLine,
    bool Ended);

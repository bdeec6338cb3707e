namespace NetLoop.Stack.Linux;

/// <summary>A line of /proc/net/tcp or a similar file: a socket that listens or is bound.</summary>
/// <param name="Protocol">tcp, tcp6, udp or udp6.</param>
/// <param name="Local">The endpoint it is bound to.</param>
/// <param name="State">LISTEN for TCP, null for UDP.</param>
/// <param name="Inode">Identifies the socket in /proc/PID/fd.</param>
internal sealed record BoundSocket(string Protocol, NetEndpoint Local, string? State, ulong Inode);

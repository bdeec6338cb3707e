namespace NetLoop.Stack.Linux;

/// <summary>A line of /proc/net/tcp and its like: a socket that listens or is bound.</summary>
/// <param name="Protocol">tcp, tcp6, udp or udp6.</param>
/// <param name="Local">Where it is bound.</param>
/// <param name="State">LISTEN for TCP, null for UDP.</param>
/// <param name="Inode">What names the socket in /proc/PID/fd.</param>
internal sealed record BoundSocket(string Protocol, NetEndpoint Local, string? State, ulong Inode);

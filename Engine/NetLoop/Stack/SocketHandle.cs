namespace NetLoop;

/// <summary>Names a socket of one <see cref="INetworkStack"/>: a file descriptor on Linux, a table index elsewhere.</summary>
/// <param name="Value">Only the stack that issued it can interpret it.</param>
public readonly record struct SocketHandle(int Value)
{
    /// <summary>No socket.</summary>
    public static SocketHandle None => new(-1);
}

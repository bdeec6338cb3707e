namespace NetLoop;

/// <summary>Options of one stream socket. Options that the platform or the kind of socket does not support are ignored.</summary>
/// <param name="NoDelay">Send small segments at once (TCP_NODELAY). The engine gathers its sends, so Nagle's algorithm only adds delay.</param>
/// <param name="KeepAlive">Probe idle connections after 5 s, every 4 s, three times (SO_KEEPALIVE, TCP_KEEPIDLE/INTVL/CNT).</param>
/// <param name="UserTimeout">
/// How long sent bytes may stay unacknowledged before the connection is given up (TCP_USER_TIMEOUT); zero leaves it to the kernel.
/// </param>
/// <param name="SendBufferBytes">SO_SNDBUF; 0 leaves it to the kernel.</param>
/// <param name="ReceiveBufferBytes">SO_RCVBUF; 0 leaves it to the kernel.</param>
public readonly record struct StreamSocketOptions(
    bool NoDelay,
    bool KeepAlive,
    TimeSpan UserTimeout,
    int SendBufferBytes,
    int ReceiveBufferBytes);

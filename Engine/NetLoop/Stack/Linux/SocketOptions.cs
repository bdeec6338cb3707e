namespace NetLoop.Stack.Linux;

/// <summary>Sets the options of stream sockets.</summary>
internal static unsafe class SocketOptions
{
    /// <summary>Applies all options; options that a Unix socket lacks are skipped.</summary>
    /// <returns>Ok, or the first failure that is not a missing option.</returns>
    public static SocketStatus Apply(int socket, in StreamSocketOptions options)
    {
        SocketStatus status = SocketStatus.Ok;
        if (options.NoDelay)
        {
            SetWhereKnown(ref status, socket, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
        }

        if (options.KeepAlive)
        {
            SetWhereKnown(ref status, socket, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, 1);
            SetWhereKnown(ref status, socket, Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE, KeepAliveTiming.IdleSeconds);
            SetWhereKnown(ref status, socket, Libc.IPPROTO_TCP, Libc.TCP_KEEPINTVL, KeepAliveTiming.IntervalSeconds);
            SetWhereKnown(ref status, socket, Libc.IPPROTO_TCP, Libc.TCP_KEEPCNT, KeepAliveTiming.Probes);
        }

        if (options.UserTimeout > TimeSpan.Zero)
        {
            double milliseconds = Math.Ceiling(options.UserTimeout.TotalMilliseconds);
            SetWhereKnown(ref status, socket, Libc.IPPROTO_TCP, Libc.TCP_USER_TIMEOUT, (int)Math.Min(milliseconds, int.MaxValue));
        }

        if (options.SendBufferBytes > 0)
        {
            SetWhereKnown(ref status, socket, Libc.SOL_SOCKET, Libc.SO_SNDBUF, options.SendBufferBytes);
        }

        if (options.ReceiveBufferBytes > 0)
        {
            SetWhereKnown(ref status, socket, Libc.SOL_SOCKET, Libc.SO_RCVBUF, options.ReceiveBufferBytes);
        }

        return status;
    }

    /// <summary>Sets one integer option.</summary>
    public static SocketStatus Set(int socket, int level, int option, int value) =>
        Libc.StatusOf(Libc.SetSockOpt(socket, level, option, &value, sizeof(int)));

    private static void SetWhereKnown(ref SocketStatus status, int socket, int level, int option, int value)
    {
        if (status == SocketStatus.Ok)
        {
            SocketStatus outcome = Set(socket, level, option, value);
            status = outcome == SocketStatus.Unsupported ? SocketStatus.Ok : outcome;
        }
    }
}

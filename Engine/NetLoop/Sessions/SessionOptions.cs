using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Limits of one session. Each has a safe default. Reaching a limit affects only the session that reached it.</summary>
public class SessionOptions
{
    /// <summary>Longest body accepted or sent: 64 bytes to 16 MiB. A peer that announces a longer one is closed when the header arrives.</summary>
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Bytes that may be queued for a slow peer; beyond that, the session is closed with SlowConsumer.</summary>
    public int MaxSendQueueBytes { get; set; } = 256 * 1024;

    /// <summary>Messages that may be queued for a slow peer; beyond that, the session is closed with SlowConsumer.</summary>
    public int MaxSendQueueMessages { get; set; } = 1024;

    /// <summary>Queued bytes that the session may exceed for at most <see cref="MaxSendBacklogTime"/>.</summary>
    public int MaxSendBacklogBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// How long more than <see cref="MaxSendBacklogBytes"/> may be queued. Also the grace period after which a peer must read 240 bytes a second.
    /// </summary>
    public TimeSpan MaxSendBacklogTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may read nothing while bytes are queued for it.</summary>
    public TimeSpan MaxSendStall { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long Hello and its response may take.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may go without sending a whole body; <see cref="TimeSpan.Zero"/> means no limit.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often this side sends Ping; <see cref="TimeSpan.Zero"/> means never. Keep it below half the peer's idle timeout.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a closed session waits for the peer to read the rest and close too, before it resets the connection.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for its response when the call has no timeout of its own.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests that this side may have outstanding on one session: 1 to 4,096.</summary>
    public int MaxPendingRequests { get; set; } = 1024;

    /// <summary>Asynchronous and offloaded handlers that may run for one session at a time; at the limit, reading from the session pauses.</summary>
    public int MaxPendingHandlers { get; set; } = 64;

    /// <summary>
    /// Memory of the messages whose asynchronous or offloaded handlers may run for one session at a time, in bytes; at the limit, reading from the session
    /// pauses. One message may exceed the limit, by at most the memory that <see cref="DecodeLimits"/> allows it.
    /// </summary>
    public int MaxPendingHandlerBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// How long sent bytes may stay unacknowledged before the kernel drops the connection (TCP_USER_TIMEOUT); <see cref="TimeSpan.Zero"/> uses the
    /// kernel's default.
    /// </summary>
    public TimeSpan UserTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Size of the kernel's send buffer in bytes; 0 uses the kernel's default.</summary>
    public int SendBufferBytes { get; set; }

    /// <summary>Size of the kernel's receive buffer in bytes; 0 uses the kernel's default.</summary>
    public int ReceiveBufferBytes { get; set; }

    /// <summary>Limits of one MessagePack body.</summary>
    public DecodeLimits DecodeLimits { get; set; } = DecodeLimits.Default;

    /// <summary>Rate limits of a session; null for none.</summary>
    public RateLimitOptions? RateLimit { get; set; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it and the values that are allowed.</exception>
    internal virtual void Validate()
    {
        Require(MaxBodyBytes is >= 64 and <= 16 * 1024 * 1024, nameof(MaxBodyBytes), MaxBodyBytes, "64 to 16777216 bytes");
        Require(MaxSendQueueBytes >= 1024, nameof(MaxSendQueueBytes), MaxSendQueueBytes, "at least 1024 bytes");
        Require(MaxSendQueueMessages >= 1, nameof(MaxSendQueueMessages), MaxSendQueueMessages, "at least 1");
        Require(MaxSendBacklogBytes >= 1, nameof(MaxSendBacklogBytes), MaxSendBacklogBytes, "at least 1 byte");
        Require(MaxSendBacklogTime > TimeSpan.Zero, nameof(MaxSendBacklogTime), MaxSendBacklogTime, "more than zero");
        Require(MaxSendStall > TimeSpan.Zero, nameof(MaxSendStall), MaxSendStall, "more than zero");
        Require(HandshakeTimeout > TimeSpan.Zero, nameof(HandshakeTimeout), HandshakeTimeout, "more than zero");
        Require(IdleTimeout >= TimeSpan.Zero, nameof(IdleTimeout), IdleTimeout, "a positive time, or zero for never");
        Require(PingInterval >= TimeSpan.Zero, nameof(PingInterval), PingInterval, "a positive time, or zero for never");
        Require(CloseTimeout > TimeSpan.Zero, nameof(CloseTimeout), CloseTimeout, "more than zero");
        Require(RequestTimeout > TimeSpan.Zero, nameof(RequestTimeout), RequestTimeout, "more than zero");
        Require(MaxPendingRequests is >= 1 and <= 4096, nameof(MaxPendingRequests), MaxPendingRequests, "1 to 4096");
        Require(MaxPendingHandlers >= 1, nameof(MaxPendingHandlers), MaxPendingHandlers, "at least 1");
        Require(MaxPendingHandlerBytes >= 1, nameof(MaxPendingHandlerBytes), MaxPendingHandlerBytes, "at least 1 byte");
        Require(UserTimeout >= TimeSpan.Zero, nameof(UserTimeout), UserTimeout, "a positive time, or zero for the kernel's default");
        Require(SendBufferBytes >= 0, nameof(SendBufferBytes), SendBufferBytes, "0 or more bytes");
        Require(ReceiveBufferBytes >= 0, nameof(ReceiveBufferBytes), ReceiveBufferBytes, "0 or more bytes");
        ArgumentNullException.ThrowIfNull(DecodeLimits);
        RateLimit?.Validate();
    }
}

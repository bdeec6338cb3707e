using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Limits of one session. Each has a safe default; reaching one costs the session that reached it and nobody else.</summary>
public class SessionOptions
{
    /// <summary>Longest body accepted or sent, in bytes: 64 to 16 MiB. A longer one that a peer announces closes its session from the header alone.</summary>
    public int MaxFrameBytes { get; set; } = 64 * 1024;

    /// <summary>Bytes that may wait for a peer that reads slowly; beyond, the session is closed with SlowConsumer.</summary>
    public int MaxSendQueueBytes { get; set; } = 256 * 1024;

    /// <summary>Messages that may wait for a peer that reads slowly; beyond, the session is closed with SlowConsumer.</summary>
    public int MaxSendQueueMessages { get; set; } = 1024;

    /// <summary>Bytes that may wait for <see cref="MaxSendBacklogTime"/>, but not longer.</summary>
    public int MaxSendBacklogBytes { get; set; } = 64 * 1024;

    /// <summary>How long more than <see cref="MaxSendBacklogBytes"/> may wait, and the grace after which a peer must read 240 bytes a second.</summary>
    public TimeSpan MaxSendBacklogTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may take no byte at all while some wait for it.</summary>
    public TimeSpan MaxSendStall { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long Hello and its answer may take.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may send no whole body; <see cref="TimeSpan.Zero"/> means for ever.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often this side sends Ping; <see cref="TimeSpan.Zero"/> means never. Keep it below half the peer's idle timeout.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a closed session waits for the peer to read the rest and close too, before the reset.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for its response when the call does not say.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests this side may have outstanding on one session: 1 to 4,096.</summary>
    public int MaxPendingRequests { get; set; } = 1024;

    /// <summary>Asynchronous handlers that may run for one session at a time; the session's reading pauses at the limit.</summary>
    public int MaxPendingHandlers { get; set; } = 64;

    /// <summary>
    /// Memory of the messages whose asynchronous or offloaded handlers may run for one session at a time, in bytes; the session's reading pauses at the limit.
    /// One message more than fits may be taken, at most what <see cref="DecodeLimits"/> grant to it.
    /// </summary>
    public int MaxPendingHandlerBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// How long sent bytes may stay unacknowledged before the kernel gives the connection up; <see cref="TimeSpan.Zero"/> leaves it to the
    /// kernel.
    /// </summary>
    public TimeSpan UserTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Size of the kernel's send buffer in bytes; 0 leaves it to the kernel.</summary>
    public int SendBufferBytes { get; set; }

    /// <summary>Size of the kernel's receive buffer in bytes; 0 leaves it to the kernel.</summary>
    public int ReceiveBufferBytes { get; set; }

    /// <summary>Limits of one MessagePack body.</summary>
    public DecodeLimits DecodeLimits { get; set; } = DecodeLimits.Default;

    /// <summary>How much a session may ask for; null means as much as it can send.</summary>
    public RateLimitOptions? RateLimit { get; set; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message says which and what is allowed.</exception>
    internal virtual void Validate()
    {
        Require(MaxFrameBytes is >= 64 and <= 16 * 1024 * 1024, nameof(MaxFrameBytes), MaxFrameBytes, "64 to 16777216 bytes");
        Require(MaxSendQueueBytes >= 1024, nameof(MaxSendQueueBytes), MaxSendQueueBytes, "at least 1024 bytes");
        Require(MaxSendQueueMessages >= 1, nameof(MaxSendQueueMessages), MaxSendQueueMessages, "at least 1");
        Require(MaxSendBacklogBytes >= 1, nameof(MaxSendBacklogBytes), MaxSendBacklogBytes, "at least 1 byte");
        Require(MaxSendBacklogTime > TimeSpan.Zero, nameof(MaxSendBacklogTime), MaxSendBacklogTime, "more than zero");
        Require(MaxSendStall > TimeSpan.Zero, nameof(MaxSendStall), MaxSendStall, "more than zero");
        Require(HandshakeTimeout > TimeSpan.Zero, nameof(HandshakeTimeout), HandshakeTimeout, "more than zero");
        Require(IdleTimeout >= TimeSpan.Zero, nameof(IdleTimeout), IdleTimeout, "zero for never, or more");
        Require(PingInterval >= TimeSpan.Zero, nameof(PingInterval), PingInterval, "zero for never, or more");
        Require(CloseTimeout > TimeSpan.Zero, nameof(CloseTimeout), CloseTimeout, "more than zero");
        Require(RequestTimeout > TimeSpan.Zero, nameof(RequestTimeout), RequestTimeout, "more than zero");
        Require(MaxPendingRequests is >= 1 and <= 4096, nameof(MaxPendingRequests), MaxPendingRequests, "1 to 4096");
        Require(MaxPendingHandlers >= 1, nameof(MaxPendingHandlers), MaxPendingHandlers, "at least 1");
        Require(MaxPendingHandlerBytes >= 1, nameof(MaxPendingHandlerBytes), MaxPendingHandlerBytes, "at least 1 byte");
        Require(UserTimeout >= TimeSpan.Zero, nameof(UserTimeout), UserTimeout, "zero for the kernel's own, or more");
        Require(SendBufferBytes >= 0, nameof(SendBufferBytes), SendBufferBytes, "0 or more bytes");
        Require(ReceiveBufferBytes >= 0, nameof(ReceiveBufferBytes), ReceiveBufferBytes, "0 or more bytes");
        ArgumentNullException.ThrowIfNull(DecodeLimits);
        RateLimit?.Validate();
    }
}

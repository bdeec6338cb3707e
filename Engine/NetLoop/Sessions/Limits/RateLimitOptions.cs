using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Rate limits of one session. A session that exceeds one is closed with RateLimited. 0 means no limit.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Bodies a second, on average. For a 60 Hz game, 120 leaves room to spare.</summary>
    public double MessagesPerSecond { get; set; }

    /// <summary>Burst of bodies on top of the rate; 0 means the amount of two seconds at the rate.</summary>
    public double MessageBurst { get; set; }

    /// <summary>Bytes of bodies a second, on average.</summary>
    public double BytesPerSecond { get; set; }

    /// <summary>Burst of bytes on top of the rate; 0 means the amount of two seconds at the rate.</summary>
    public double ByteBurst { get; set; }

    /// <summary>Handler time for one session in each second. Measuring it reads the clock twice for each message.</summary>
    public TimeSpan HandlerTimePerSecond { get; set; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it and the values that are allowed.</exception>
    internal void Validate()
    {
        RequireRate(MessagesPerSecond, nameof(MessagesPerSecond), "0 for no limit, or more");
        RequireRate(MessageBurst, nameof(MessageBurst), "0 for two seconds' worth, or more");
        RequireRate(BytesPerSecond, nameof(BytesPerSecond), "0 for no limit, or more");
        RequireRate(ByteBurst, nameof(ByteBurst), "0 for two seconds' worth, or more");
        Require(
            HandlerTimePerSecond >= TimeSpan.Zero, nameof(HandlerTimePerSecond), HandlerTimePerSecond, "a positive time, or zero for no limit", "RateLimit.");
    }

    // NaN would silently mean no limit.
    private static void RequireRate(double rate, string option, string allowed) =>
        Require(rate >= 0 && double.IsFinite(rate), option, rate, allowed, "RateLimit.");
}

namespace NetLoop;

/// <summary>How much one session may ask of the server. A session above a limit is closed with RateLimited. 0 means no limit.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Bodies a second, in the long run. A 60 Hz game with room to spare: 120.</summary>
    public double MessagesPerSecond { get; set; }

    /// <summary>Bodies at once on top of the rate; when 0, two seconds' worth.</summary>
    public double MessageBurst { get; set; }

    /// <summary>Bytes of bodies a second, in the long run.</summary>
    public double BytesPerSecond { get; set; }

    /// <summary>Bytes at once on top of the rate; when 0, two seconds' worth.</summary>
    public double ByteBurst { get; set; }

    /// <summary>Time that handlers may spend on one session in each second; costs two readings of the clock a message.</summary>
    public TimeSpan HandlerTimePerSecond { get; set; }
}

namespace NetLoop.Sessions.Limits;

/// <summary>The rate limits of one session.</summary>
/// <remarks>
/// Thread: <see cref="TryTakeBody"/> loop, <see cref="TryTakeHandlerTime"/> where handlers run; they share no field. An offloaded handler may run on several
/// threads at once.
/// </remarks>
internal sealed class RateLimiter(RateLimitOptions options, long now, long stalled)
{
    private readonly double _messageBurst = Burst(options.MessageBurst, options.MessagesPerSecond);
    private readonly double _byteBurst = Burst(options.ByteBurst, options.BytesPerSecond);
    private readonly Lock _handlerTimeLock = new();
    private TokenBucket _messages = new(Burst(options.MessageBurst, options.MessagesPerSecond), now, stalled);
    private TokenBucket _bytes = new(Burst(options.ByteBurst, options.BytesPerSecond), now, stalled);
    private TokenBucket _handlerTime = new(options.HandlerTimePerSecond.TotalSeconds, now);

    /// <summary>Whether the time of handlers must be measured.</summary>
    public bool LimitsHandlerTime => options.HandlerTimePerSecond > TimeSpan.Zero;

    public bool TryTakeBody(int bytes, long now, long stalled) =>
        (options.MessagesPerSecond <= 0 || _messages.TryTake(1, options.MessagesPerSecond, _messageBurst, now, stalled))
        && (options.BytesPerSecond <= 0 || _bytes.TryTake(bytes, options.BytesPerSecond, _byteBurst, now, stalled));

    public bool TryTakeHandlerTime(long nanoseconds, long now)
    {
        double perSecond = options.HandlerTimePerSecond.TotalSeconds;
        lock (_handlerTimeLock)
        {
            return _handlerTime.TryTake(nanoseconds / 1e9, perSecond, perSecond, now);
        }
    }

    private static double Burst(double burst, double rate) => burst > 0 ? burst : 2 * rate;
}

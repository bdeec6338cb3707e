using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>How a client reconnects after it has lost its session.</summary>
/// <remarks>
/// Each attempt opens a new session, with a new <see cref="Session.Id"/> and the same handlers and <see cref="Session.UserData"/>. Messages sent in between
/// are not kept: <see cref="Session.Send{T}(in T)"/> returns Closed. Requests without a response fail. The first connection, made by
/// <see cref="NetClient.ConnectAsync(string, Action{NetClientOptions}?, CancellationToken)"/>, is attempted only once.
/// </remarks>
public sealed class ReconnectOptions
{
    /// <summary>
    /// Upper bound of the wait before the first attempt: more than zero, by default 100 ms. It doubles with each further attempt, up to <see cref="MaxDelay"/>.
    /// </summary>
    /// <remarks>The wait is a random part of the bound, so that clients that lost the same server do not come back at the same time.</remarks>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Upper bound of any wait: at least <see cref="FirstDelay"/>, by default 30 s.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Attempts in a row after which the client gives up: at least 1, or null for no limit. The count starts again after a session that was open for five
    /// seconds.
    /// </summary>
    public int? MaxAttempts { get; set; }

    /// <summary>Reasons after which the client does not connect again, because another attempt would end the same way, or the end was intended.</summary>
    public ISet<CloseReason> FinalReasons { get; } = new HashSet<CloseReason>
    {
        CloseReason.Normal,
        CloseReason.Unauthorized,
        CloseReason.VersionMismatch,
        CloseReason.Replaced,
        CloseReason.Kicked,
        CloseReason.Malformed,
        CloseReason.FrameTooLarge,
    };

    /// <summary>Called before each wait, on the thread that runs the client's handlers; null for no call.</summary>
    public Action<ReconnectAttempt>? OnWaiting { get; set; }

    internal void Validate()
    {
        Require(FirstDelay > TimeSpan.Zero, nameof(FirstDelay), FirstDelay, "more than zero", "Reconnect.");
        Require(MaxDelay >= FirstDelay, nameof(MaxDelay), MaxDelay, "at least FirstDelay", "Reconnect.");
        Require(MaxAttempts is null or >= 1, nameof(MaxAttempts), MaxAttempts ?? 0, "at least 1, or null for no limit", "Reconnect.");
    }

    /// <summary>The wait before an attempt, in nanoseconds.</summary>
    /// <param name="number">Number of the attempt in a row, from 1.</param>
    /// <param name="entropy">Chooses the random part of the upper bound.</param>
    internal long Delay(int number, IEntropySource entropy)
    {
        double bound = Math.Min(MaxDelay.TotalSeconds, FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(number - 1, 30)));
        Span<byte> random = stackalloc byte[sizeof(uint)];
        entropy.Fill(random);
        return (long)(bound * 1e9 * (BitConverter.ToUInt32(random) / (uint.MaxValue + 1.0)));
    }
}

/// <summary>Describes the next attempt of a client that waits to reconnect.</summary>
/// <param name="Number">Number of the next attempt in a row, from 1.</param>
/// <param name="Delay">How long the client waits before the attempt.</param>
/// <param name="Ended">How the session, or the last attempt, ended.</param>
public readonly record struct ReconnectAttempt(int Number, TimeSpan Delay, CloseInfo Ended);

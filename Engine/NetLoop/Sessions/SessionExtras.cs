using NetLoop.Messaging;

namespace NetLoop.Sessions;

/// <summary>What few sessions need, so that an idle one of the many is small; made when the first of it is needed.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class SessionExtras
{
    public RateLimiter? Limiter { get; set; }

    /// <summary>Requests that wait for the other side.</summary>
    public RequestTracker? Requests { get; set; }

    /// <summary>From Welcome; client side only.</summary>
    public byte[]? ResumeToken { get; set; }

    /// <summary>Why its input is over, once it is.</summary>
    public CloseInfo InputEnd { get; set; }

    /// <summary>Runs of handlers that had begun when a deadline asked last.</summary>
    public long RunsAtDeadline { get; set; }

    /// <summary>The groups it is in beyond its first.</summary>
    public List<Membership>? OtherGroups { get; set; }
}

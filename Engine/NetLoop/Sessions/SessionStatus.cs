namespace NetLoop;

/// <summary>Where a session is in its life; it only moves down this list.</summary>
public enum SessionStatus
{
    /// <summary>Connecting, or waiting for Hello or its answer.</summary>
    Opening,

    /// <summary>Messages go both ways.</summary>
    Open,

    /// <summary>Over. Sends report Closed.</summary>
    Closed,
}

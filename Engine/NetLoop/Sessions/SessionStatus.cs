namespace NetLoop;

/// <summary>The stages of a session's life cycle, in order.</summary>
public enum SessionStatus
{
    /// <summary>Connecting, or waiting for Hello or its response.</summary>
    Opening,

    /// <summary>Messages go both ways.</summary>
    Open,

    /// <summary>Ended. Sends return <see cref="SendStatus.Closed"/>.</summary>
    Closed,
}

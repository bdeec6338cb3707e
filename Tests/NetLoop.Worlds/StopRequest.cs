namespace NetLoop.Worlds;

/// <summary>A request that a client sent around the server's stop, and its outcome on both sides.</summary>
internal sealed class StopRequest(ClientLife life, long number, long sentAt)
{
    public ClientLife Life { get; } = life;

    public long Number { get; } = number;

    /// <summary>Virtual time at which it was sent.</summary>
    public long SentAt { get; } = sentAt;

    /// <summary>Whether a handler ran for it.</summary>
    public bool WasHandled { get; set; }

    public bool WasAnswered { get; set; }

    /// <summary>The error that its client got instead of a result; 0 for none.</summary>
    public int Error { get; set; }
}

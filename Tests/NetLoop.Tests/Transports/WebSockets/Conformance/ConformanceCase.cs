namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>One case of the suite: what one side does, and what the other must do then.</summary>
/// <param name="Id">The case's number in the Autobahn test suite.</param>
/// <param name="Steps">What is sent.</param>
internal sealed record ConformanceCase(string Id, IReadOnlyList<Step> Steps)
{
    /// <summary>What must come back, in this order, before anybody closes.</summary>
    public IReadOnlyList<ReceivedFrame> Expected { get; init; } = [];

    /// <summary>What may come back instead, for less.</summary>
    public IReadOnlyList<ReceivedFrame>? ExpectedNonStrict { get; init; }

    /// <summary>Of the waits, how many the connection must stand at; one more is less strict. Null when that does not matter.</summary>
    public int? StandsAtWaits { get; init; }

    /// <summary>How often the steps are done, each time waiting for what is expected.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Whether the peer must be the first to close.</summary>
    public bool PeerFails { get; init; }

    /// <summary>Whether the steps hold the close frame; else one follows when all that is expected has come back.</summary>
    public bool StepsClose { get; init; }

    /// <summary>Whether the peer must close with a frame of its own, and not just drop the connection.</summary>
    public bool RequiresCleanClose { get; init; } = true;

    /// <summary>Codes that the peer's close frame may have; it may also have none.</summary>
    public IReadOnlyList<int> CloseCodes { get; init; } = [1000];

    /// <summary>Whether the standard leaves the outcome open.</summary>
    public bool IsInformational { get; init; }

    public override string ToString() => Id;
}

namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>One case of the suite: what one side does, and how the other must respond.</summary>
/// <param name="Id">The case's number in the Autobahn test suite.</param>
/// <param name="Steps">What this side sends.</param>
internal sealed record ConformanceCase(string Id, IReadOnlyList<Step> Steps)
{
    /// <summary>Expected responses, in this order, before either side closes.</summary>
    public IReadOnlyList<ReceivedFrame> Expected { get; init; } = [];

    /// <summary>Alternative responses, which are less strict.</summary>
    public IReadOnlyList<ReceivedFrame>? ExpectedNonStrict { get; init; }

    /// <summary>The number of waits up to which the connection must stay open; one more is less strict. Null if this makes no difference.</summary>
    public int? StandsAtWaits { get; init; }

    /// <summary>How often the steps are repeated, each time with a wait for the expected response.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Whether the peer must be the first to close.</summary>
    public bool PeerFails { get; init; }

    /// <summary>Whether the steps contain the close frame; otherwise one follows when all expected responses have come.</summary>
    public bool StepsClose { get; init; }

    /// <summary>Whether the peer must close with its own close frame instead of just dropping the connection.</summary>
    public bool RequiresCleanClose { get; init; } = true;

    /// <summary>Allowed codes of the peer's close frame, which may also have none.</summary>
    public IReadOnlyList<int> CloseCodes { get; init; } = [1000];

    /// <summary>Whether the standard leaves the outcome open.</summary>
    public bool IsInformational { get; init; }

    public override string ToString() => Id;
}

namespace NetLoop;

/// <summary>A request that was answered with an error: thrown by a handler to answer so, and by <c>RequestAsync</c> on the side that asked.</summary>
/// <param name="code">A code of <see cref="ErrorCode"/>, or 1000 and up for the application's own.</param>
/// <param name="text">
/// For people, in English; at most 1,024 characters go over the wire. Whoever asked gets it with control characters escaped, fit for a log.
/// </param>
#pragma warning disable CA1710 // It is the field's word, and what a handler writes: throw new RequestException(1000, "...").
public sealed class RequestException(int code, string text) : Exception(text)
#pragma warning restore CA1710
{
    /// <summary>The code on the wire.</summary>
    public int Code { get; } = code;
}

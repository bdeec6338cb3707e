namespace NetLoop;

/// <summary>A request failed. A request handler throws it to respond with an error, and <c>RequestAsync</c> throws it on the side of the caller.</summary>
/// <param name="code">A code of <see cref="ErrorCode"/>, or 1000 and up for the application's own.</param>
/// <param name="text">
/// For people, in English; at most 1,024 characters are sent. On the caller's side, control characters are escaped, so that it can be logged.
/// </param>
#pragma warning disable CA1710 // The usual word, and short in a handler: throw new RequestException(1000, "...").
public sealed class RequestException(int code, string text) : Exception(text)
#pragma warning restore CA1710
{
    /// <summary>The code on the wire.</summary>
    public int Code { get; } = code;
}

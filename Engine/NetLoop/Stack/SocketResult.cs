namespace NetLoop;

/// <summary>Outcome of a call that moves bytes.</summary>
/// <param name="Status">How the call ended.</param>
/// <param name="Count">
/// Bytes moved when <paramref name="Status"/> is Ok (a receive of 0 is the end of the stream); the raw error number when it is Other; else
/// 0.
/// </param>
public readonly record struct SocketResult(SocketStatus Status, int Count);

namespace NetLoop;

/// <summary>Result of a call that sends or receives bytes.</summary>
/// <param name="Status">The status of the call.</param>
/// <param name="Count">
/// Bytes moved when <paramref name="Status"/> is Ok (a receive of 0 is the end of the stream); the raw error number when it is Other; else
/// 0.
/// </param>
public readonly record struct SocketResult(SocketStatus Status, int Count);

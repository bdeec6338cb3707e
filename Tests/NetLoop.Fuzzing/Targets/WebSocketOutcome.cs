using NetLoop.Transports.WebSockets;

namespace NetLoop.Fuzzing.Targets;

/// <summary>What came of a WebSocket's stream.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="FailureCode">Why it failed, as a close code; 0 if it did not.</param>
/// <param name="FailureText">Why it failed, for people.</param>
/// <param name="PeerCloseCode">What the peer closed with; 0 if it did not.</param>
/// <param name="Messages">How many messages were read.</param>
/// <param name="Content">What they and the answers to pings were, as a hash.</param>
internal readonly record struct WebSocketOutcome(
    WebSocketStatus Status, int FailureCode, string FailureText, int PeerCloseCode, int Messages, ulong Content);

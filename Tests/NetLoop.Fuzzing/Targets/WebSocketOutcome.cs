using NetLoop.Transports.WebSockets;

namespace NetLoop.Fuzzing.Targets;

/// <summary>The result of a WebSocket's stream.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="FailureCode">The close code of its failure; 0 if it did not fail.</param>
/// <param name="FailureText">The failure, for people.</param>
/// <param name="PeerCloseCode">The close code of the peer; 0 if the peer did not close.</param>
/// <param name="Messages">Number of messages read.</param>
/// <param name="Content">A hash of the messages and of the responses to pings.</param>
internal readonly record struct WebSocketOutcome(
    WebSocketStatus Status, int FailureCode, string FailureText, int PeerCloseCode, int Messages, ulong Content);

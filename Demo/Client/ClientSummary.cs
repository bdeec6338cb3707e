namespace NetLoop.Demo.Client;

/// <summary>How a chat went.</summary>
/// <param name="Said">Lines sent.</param>
/// <param name="Heard">Lines received, one's own included.</param>
/// <param name="Lost">Lines sent that never came back.</param>
/// <param name="RoundTripMilliseconds">Smoothed; 0 when the session was too short to measure it.</param>
/// <param name="ClosedBy">How the server ended the session, or why there was none; null when the person ended it.</param>
internal sealed record ClientSummary(long Said, long Heard, long Lost, double RoundTripMilliseconds, string? ClosedBy);

namespace NetLoop.Demo.Client;

/// <summary>Summary of a chat.</summary>
/// <param name="Said">Lines sent.</param>
/// <param name="Heard">Lines received, including the client's own.</param>
/// <param name="Lost">Lines that were sent and never came back.</param>
/// <param name="RoundTripMilliseconds">Smoothed; 0 if the session was too short to measure it.</param>
/// <param name="ClosedBy">How the server ended the session, or why it could not be opened; null if the person ended it.</param>
internal sealed record ClientSummary(long Said, long Heard, long Lost, double RoundTripMilliseconds, string? ClosedBy);

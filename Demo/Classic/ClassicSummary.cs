namespace NetLoop.Demo.Classic;

/// <summary>How a run of one of the tutorials' programs went.</summary>
/// <param name="Connections">Connections accepted or made.</param>
/// <param name="BytesReceived">Bytes received.</param>
/// <param name="BytesSent">Bytes sent.</param>
/// <param name="Lost">Answers that could not be sent, or never came.</param>
internal sealed record ClassicSummary(long Connections, long BytesReceived, long BytesSent, long Lost);

namespace NetLoop.Demo.Classic;

/// <summary>Summary of a run of a tutorial's program.</summary>
/// <param name="Connections">Connections that were accepted or opened.</param>
/// <param name="BytesReceived">Bytes received.</param>
/// <param name="BytesSent">Bytes sent.</param>
/// <param name="Lost">Responses that could not be sent, or never came.</param>
internal sealed record ClassicSummary(long Connections, long BytesReceived, long BytesSent, long Lost);

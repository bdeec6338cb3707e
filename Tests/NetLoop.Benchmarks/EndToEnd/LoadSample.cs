namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The result of one load.</summary>
/// <param name="MessagesPerSecond">Messages that came back.</param>
/// <param name="CpuMicroseconds">Processor time of the server for each message.</param>
/// <param name="ServerCores">Processor time of the server for each second.</param>
/// <param name="P50">Microseconds of a round trip.</param>
/// <param name="P99">Microseconds of a round trip.</param>
/// <param name="P999">Microseconds of a round trip.</param>
internal sealed record LoadSample(double MessagesPerSecond, double CpuMicroseconds, double ServerCores, double P50, double P99, double P999);

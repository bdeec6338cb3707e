namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary>How fast a server echoed datagrams.</summary>
/// <param name="MessagesPerSecond">Messages that returned to the clients.</param>
/// <param name="CpuMicroseconds">Processor time of the server for each.</param>
/// <param name="ServerCores">Processor time of the server for each second.</param>
/// <param name="LostShare">Messages that did not return, as a share of all: 0 with reliable delivery.</param>
internal sealed record DatagramSample(double MessagesPerSecond, double CpuMicroseconds, double ServerCores, double LostShare);

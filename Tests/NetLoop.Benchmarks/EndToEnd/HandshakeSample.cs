namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>How fast a server completed TLS handshakes.</summary>
/// <param name="HandshakesPerSecond">Full handshakes, each with one body in both directions.</param>
/// <param name="CpuMicroseconds">Processor time of the server for each.</param>
/// <param name="ServerCores">Processor time of the server for each second.</param>
internal sealed record HandshakeSample(double HandshakesPerSecond, double CpuMicroseconds, double ServerCores);

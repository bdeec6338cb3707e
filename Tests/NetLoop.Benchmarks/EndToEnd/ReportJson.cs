using System.Text.Json;
using System.Text.Json.Serialization;
using NetLoop.Benchmarks.EndToEnd.Datagrams;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>Serializes reports.</summary>
[
    JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)
]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(IReadOnlyList<TickResult>))]
[JsonSerializable(typeof(IReadOnlyList<BroadcastResult>))]
[JsonSerializable(typeof(IReadOnlyList<IdleResult>))]
[JsonSerializable(typeof(IReadOnlyList<HandshakeResult>))]
[JsonSerializable(typeof(BroadcastResult))]
[JsonSerializable(typeof(HandshakeSample))]
[JsonSerializable(typeof(IReadOnlyList<DatagramResult>))]
[JsonSerializable(typeof(DatagramSample))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>The same on one line, for processes that read each other's output.</summary>
    public static ReportJson Lines { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase });
}

using System.Text.Json.Serialization;

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
[JsonSerializable(typeof(BroadcastResult))]
internal sealed partial class ReportJson : JsonSerializerContext;

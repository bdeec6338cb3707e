using System.Text.Json.Serialization;

namespace NetLoop.Benchmarks.Codec;

/// <summary>System.Text.Json's source generation for the measured types.</summary>
[JsonSerializable(typeof(PlayerMove))]
[JsonSerializable(typeof(Chat))]
[JsonSerializable(typeof(Snapshot))]
internal sealed partial class SampleJson : JsonSerializerContext;

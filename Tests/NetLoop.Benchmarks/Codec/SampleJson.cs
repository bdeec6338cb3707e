using System.Text.Json.Serialization;

namespace NetLoop.Benchmarks.Codec;

/// <summary>System.Text.Json's source generation of the types that are measured.</summary>
[JsonSerializable(typeof(PlayerMove))]
[JsonSerializable(typeof(Chat))]
[JsonSerializable(typeof(Snapshot))]
internal sealed partial class SampleJson : JsonSerializerContext;

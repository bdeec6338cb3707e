using System.Text.Json.Serialization;

namespace NetLoop.Demo.Page;

/// <summary>How the page's figures are written: generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PageConfiguration))]
[JsonSerializable(typeof(Vitals))]
internal sealed partial class PageJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace NetLoop.Demo.Page;

/// <summary>Serializes the page's figures with code that is generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PageConfiguration))]
[JsonSerializable(typeof(Vitals))]
internal sealed partial class PageJson : JsonSerializerContext;

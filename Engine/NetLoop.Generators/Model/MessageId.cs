namespace NetLoop.Generators.Model;

/// <summary>The claim of a contract to a type number.</summary>
internal sealed record MessageId(int Type, string Name, LocationInfo? Location);

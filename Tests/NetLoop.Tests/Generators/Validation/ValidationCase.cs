namespace NetLoop.Tests.Generators.Validation;

/// <summary>A member with attributes, and the values that a peer may and may not send.</summary>
/// <param name="Type">Its type, as code.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Good">Values that pass, as code; the member is initialized with the first one.</param>
/// <param name="Bad">Values that fail.</param>
public sealed record ValidationCase(string Type, string Attributes, string[] Good, string[] Bad)
{
    /// <inheritdoc/>
    public override string ToString() => $"[{Attributes}] {Type}";
}

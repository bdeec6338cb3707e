namespace NetLoop.Tests.Generators.Validation;

/// <summary>A member with attributes, and what a peer may and may not send in it.</summary>
/// <param name="Type">Its type, as code.</param>
/// <param name="Attributes">What is on it.</param>
/// <param name="Good">Values that pass, as code; the first one is what the member is initialized with.</param>
/// <param name="Bad">Values that do not.</param>
public sealed record ValidationCase(string Type, string Attributes, string[] Good, string[] Bad)
{
    /// <inheritdoc/>
    public override string ToString() => $"[{Attributes}] {Type}";
}

namespace NetLoop.Generators.Model;

/// <summary>A condition that the value of a member must meet, in addition to its type.</summary>
/// <param name="Before">The code before the value.</param>
/// <param name="After">The code after it.</param>
internal sealed record MemberCheck(string Before, string After)
{
    /// <summary>The condition as code.</summary>
    public string Of(string value) => Before + value + After;
}

namespace NetLoop.Demo.Contracts;

/// <summary>One difference between the locked contracts and those of the application.</summary>
/// <param name="Contract">Where.</param>
/// <param name="What">What was done, and why it breaks or does not.</param>
/// <param name="IsBreaking">Programs built before and after cannot talk to each other any more.</param>
internal sealed record ContractChange(string Contract, string What, bool IsBreaking)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsBreaking ? "breaking  " : "compatible")}  {Contract}: {What}";
}

namespace NetLoop.Demo.Contracts;

/// <summary>One difference between the locked contracts and those of the application.</summary>
/// <param name="Contract">The contract that changed.</param>
/// <param name="What">What changed, and why this breaks old programs or does not.</param>
/// <param name="IsBreaking">Whether programs that were built before and after the change can no longer talk to each other.</param>
internal sealed record ContractChange(string Contract, string What, bool IsBreaking)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsBreaking ? "breaking  " : "compatible")}  {Contract}: {What}";
}

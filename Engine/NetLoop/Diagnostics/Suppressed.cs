namespace NetLoop.Diagnostics;

/// <summary>The end of a limited log line: the number of similar lines suppressed since the last one. Empty if there were none.</summary>
internal readonly record struct Suppressed(long Count)
{
    public static implicit operator Suppressed(long count) => new(count);

    /// <inheritdoc/>
    public override string ToString() => Count switch
    {
        0 => "",
        1 => " (1 similar message suppressed)",
        _ => $" ({Count} similar messages suppressed)",
    };
}

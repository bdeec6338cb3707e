namespace NetLoop;

/// <summary>How a session ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Text">For people; from the side that closed, empty when there is nothing to add.</param>
/// <param name="ByPeer">True when the other side said Goodbye or ended its stream.</param>
public readonly record struct CloseInfo(CloseReason Reason, string Text, bool ByPeer)
{
    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Text) ? Reason.ToString() : $"{Reason}: {Text}";
}

using NetLoop.Diagnostics;

namespace NetLoop;

/// <summary>How a session ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Text">
/// For people; from the side that closed, empty when there is nothing to add. As it was sent: escape it before it goes to a terminal, as
/// <see cref="ToString"/> does.
/// </param>
/// <param name="ByPeer">True when the other side did it: said Goodbye, ended its stream, or reset the connection.</param>
public readonly record struct CloseInfo(CloseReason Reason, string Text, bool ByPeer)
{
    /// <summary>Whether this side ended the session because it wanted to, not because of what the peer did or did not do.</summary>
    internal bool IsOwnDecision =>
        !ByPeer && Reason is CloseReason.Normal or CloseReason.ServerStopping or CloseReason.HandlerFault or CloseReason.Replaced or CloseReason.Kicked;

    /// <summary>Reason and text for logs and terminals: control characters are escaped, and at most 1,024 characters of the text are shown.</summary>
    public override string ToString() => string.IsNullOrEmpty(Text) ? Reason.ToString() : $"{Reason}: {EscapedText.From(Text)}";
}

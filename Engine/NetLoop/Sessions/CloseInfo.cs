using NetLoop.Diagnostics;

namespace NetLoop;

/// <summary>How a session ended.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Text">
/// A text for people from the side that closed the session; may be empty. It is not escaped: escape it before you print it to a terminal, as
/// <see cref="ToString"/> does.
/// </param>
/// <param name="ByPeer">
/// True if the other side ended the session: by Goodbye, a close frame, the end of its stream, a reset, or the rejection of a WebSocket upgrade.
/// </param>
public readonly record struct CloseInfo(CloseReason Reason, string Text, bool ByPeer)
{
    /// <summary>Whether this side ended the session by its own decision, and not because of the peer.</summary>
    internal bool IsOwnDecision =>
        !ByPeer && Reason is CloseReason.Normal or CloseReason.ServerStopping or CloseReason.HandlerFault or CloseReason.Replaced or CloseReason.Kicked;

    /// <summary>Reason and text for logs and terminals: control characters are escaped, and at most 1,024 characters of the text are shown.</summary>
    public override string ToString() => string.IsNullOrEmpty(Text) ? Reason.ToString() : $"{Reason}: {EscapedText.From(Text)}";
}

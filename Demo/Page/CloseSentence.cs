using NetLoop.Demo.Display;

namespace NetLoop.Demo.Page;

/// <summary>Explains why sessions ended, for people who do not know the close reasons.</summary>
internal static class CloseSentence
{
    /// <summary>Writes the sentence.</summary>
    /// <param name="reason">The close reason.</param>
    /// <param name="count">The number of sessions.</param>
    /// <param name="botsHurt">Number of honest bots that lost a session or messages at the same time.</param>
    public static string Of(CloseReason reason, long count, long botsHurt)
    {
        string clients = count == 1 ? "1 client" : $"{Format.Count(count)} clients";
        string others = botsHurt switch
        {
            0 => "nobody else was affected",
            1 => "1 bot was affected",
            _ => $"{Format.Count(botsHurt)} bots were affected",
        };
        return reason switch
        {
            CloseReason.Disconnected => $"{clients} left without saying goodbye.",
            CloseReason.ServerStopping => $"{clients} disconnected: the server is stopping.",
            _ => $"{clients} disconnected: {Cause(reason)}; {others}.",
        };
    }

    private static string Cause(CloseReason reason) => reason switch
    {
        CloseReason.Idle => "nothing was heard from them for too long",
        CloseReason.HandshakeTimeout => "they opened no session in time",
        CloseReason.Malformed => "they sent bytes that are no message",
        CloseReason.FrameTooLarge => "they announced a frame over 64 KiB (1 KiB before Hello)",
        CloseReason.SlowConsumer => "they did not read, and up to 256 KiB waited for each",
        CloseReason.RateLimited => "they sent more, or connected more often, than they may",
        CloseReason.Unauthorized => "they may not come in",
        CloseReason.VersionMismatch => "they have another version of the program",
        CloseReason.ServerFull => "the server is full",
        CloseReason.HandlerFault => "a handler failed",
        CloseReason.Replaced => "they came back on another connection",
        CloseReason.TransportError => "their connections broke",
        CloseReason.Kicked => "the game sent them away",
        CloseReason.Truncated => "they stopped in the middle of a frame",
        CloseReason.Evicted => "all buffers were in use, and they held the most",
        _ => reason.ToString(),
    };
}

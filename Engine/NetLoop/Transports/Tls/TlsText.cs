using NetLoop.Diagnostics;

namespace NetLoop.Transports.Tls;

/// <summary>Explains failures of TLS to people.</summary>
internal static class TlsText
{
    /// <summary>One sentence without a period: what went wrong, from the innermost exception, which names it.</summary>
    public static string Describe(Exception exception)
    {
        Exception cause = exception;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        string text = cause.Message.Trim().TrimEnd('.');
        int detail = text.LastIndexOf("::", StringComparison.Ordinal); // error:0A00010B:SSL routines::wrong version number
        return $"TLS failed: {EscapedText.From(detail < 0 ? text : text[(detail + 2)..])}";
    }
}

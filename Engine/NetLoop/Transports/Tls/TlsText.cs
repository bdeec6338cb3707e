using NetLoop.Diagnostics;

namespace NetLoop.Transports.Tls;

/// <summary>Explains failures of TLS to people.</summary>
internal static class TlsText
{
    /// <summary>Returns one sentence without a period: the cause, which the innermost exception names.</summary>
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

namespace NetLoop.Demo.CommandLine;

/// <summary>How many sockets this process may have.</summary>
internal static class SocketLimit
{
    // Listeners, pollers, the standard streams and the runtime's own files.
    private const int Reserved = 64;

    /// <summary>Refuses what cannot work before anything is opened.</summary>
    /// <param name="option">The option that asks for so many.</param>
    /// <param name="sockets">How many sockets it takes.</param>
    /// <exception cref="MistakeException">They are too many; the message says what to do.</exception>
    public static void Require(string option, int sockets)
    {
        int limit = NetworkStack.CreateDefault(PollerKind.Auto).MaxSockets - Reserved;
        if (sockets > limit)
        {
            throw new MistakeException($"{option} takes {sockets} sockets and this process may open {limit}; raise the limit of open files (ulimit -n), or ask for fewer");
        }
    }
}

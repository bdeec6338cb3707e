namespace NetLoop.Demo.CommandLine;

/// <summary>How many sockets this process may have.</summary>
internal static class SocketLimit
{
    /// <summary>Descriptors that any command needs: two for each assembly, those of threads, and some to spare.</summary>
    private const int Least = 128;

    /// <summary>What the engine leaves to the runtime, and what is loaded after a command has begun.</summary>
    private const int Reserved = 128;

    /// <summary>Says in one line what to do when this process may open too few files for the program itself; null when they are enough.</summary>
    /// <remarks>To be asked before anything else: without descriptors the runtime cannot load what a better explanation would need.</remarks>
    public static string? ExplainIfTooLow()
    {
        int limit = Limit();
        return limit < Least
            ? $"netloop: this process may open {limit} files, and this program needs {Least}; raise its limit of open files (ulimit -n 1024)."
            : null;
    }

    /// <summary>Refuses what cannot work before anything is opened.</summary>
    /// <param name="option">The option that asks for so many.</param>
    /// <param name="sockets">How many sockets it takes.</param>
    /// <param name="others">Descriptors that the command needs beside them.</param>
    /// <exception cref="MistakeException">They are too many; the message says what to do.</exception>
    public static void Require(string option, int sockets, int others = 0)
    {
        INetworkStack stack = NetworkStack.CreateDefault(PollerKind.Auto);
        int most = Math.Max(0, stack.MaxSockets - stack.CountOpenDescriptors() - Reserved - others);
        if (sockets > most)
        {
            throw new MistakeException(
                $"{option} takes {sockets} sockets and this process may open {most}; raise the limit of open files (ulimit -n), or ask for fewer");
        }
    }

    private static int Limit() => NetworkStack.CreateDefault(PollerKind.Auto).MaxSockets;
}

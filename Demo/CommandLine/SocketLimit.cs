namespace NetLoop.Demo.CommandLine;

/// <summary>Checks how many sockets this process may open.</summary>
internal static class SocketLimit
{
    /// <summary>Descriptors that every command needs: two for each assembly, some for threads, and a few in reserve.</summary>
    private const int Least = 128;

    /// <summary>Descriptors that the engine leaves to the runtime and to assemblies that are loaded after a command has begun.</summary>
    private const int Reserved = 128;

    /// <summary>Returns what to do if this process may open too few files even for the program itself; null if the limit is high enough.</summary>
    /// <remarks>Call this before anything else: without descriptors the runtime cannot load the code for a better explanation.</remarks>
    public static string? ExplainIfTooLow()
    {
        int limit = Limit();
        return limit < Least
            ? $"netloop: this process may open {limit} files, and this program needs {Least}; raise its limit of open files (ulimit -n 1024)."
            : null;
    }

    /// <summary>Rejects a number of sockets that the process cannot open, before anything is opened.</summary>
    /// <param name="option">The option that asks for the sockets.</param>
    /// <param name="sockets">The number of sockets.</param>
    /// <param name="others">Other descriptors that the command needs.</param>
    /// <exception cref="MistakeException">There are too many; the message says what to do.</exception>
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

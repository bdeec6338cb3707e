using NetLoop.Transports;

namespace NetLoop;

/// <summary>The process may open too few files to serve anybody. The message says how many it may, how many a server needs, and what to do.</summary>
public sealed class InsufficientDescriptorsException : Exception
{
    private InsufficientDescriptorsException(int limit, int needed, string message)
        : base(message)
    {
        Limit = limit;
        Needed = needed;
    }

    /// <summary>How many descriptors the process may have.</summary>
    public int Limit { get; }

    /// <summary>How many it would need for one connection.</summary>
    public int Needed { get; }

    internal static InsufficientDescriptorsException For(INetworkStack stack)
    {
        int needed = stack.MaxSockets - DescriptorBudget.MaxConnections(stack) + 1;
        return new InsufficientDescriptorsException(
            stack.MaxSockets,
            needed,
            $"this process may open {stack.MaxSockets} files and needs {needed} to serve one connection; raise its limit of open files (ulimit -n 1024).");
    }
}

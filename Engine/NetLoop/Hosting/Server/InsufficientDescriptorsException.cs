using NetLoop.Transports;

namespace NetLoop;

/// <summary>Thrown when the process may open too few files to serve a single connection. The message has the limit, the number needed and the remedy.</summary>
public sealed class InsufficientDescriptorsException : Exception
{
    private InsufficientDescriptorsException(int limit, int needed, string message)
        : base(message)
    {
        Limit = limit;
        Needed = needed;
    }

    /// <summary>Maximum number of descriptors that the process may have open.</summary>
    public int Limit { get; }

    /// <summary>Number of descriptors that it needs to serve one connection.</summary>
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

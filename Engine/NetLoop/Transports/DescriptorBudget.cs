namespace NetLoop.Transports;

/// <summary>Divides the descriptors of the process into those in use, those that must stay free, and those for connections.</summary>
internal static class DescriptorBudget
{
    /// <summary>
    /// Number of descriptors that no socket may take. To start a thread, the runtime needs two for a moment; without them it ends the process or loses a pool
    /// thread. It also keeps two for each assembly that it loads. Name lookups, certificates, logs and the application's files need some too.
    /// </summary>
    public const int RuntimeReserve = 64;

    /// <summary>Number of connections above its maximum that a server keeps at a time, only to tell their peers why they are rejected.</summary>
    public const int RejectionReserve = 32;

    /// <summary>Number of connections for which a server has descriptors, given what is open now; less than one when there are none.</summary>
    public static int MaxConnections(INetworkStack stack) => stack.MaxSockets - stack.CountOpenDescriptors() - RuntimeReserve - RejectionReserve;

    /// <summary>
    /// Whether the descriptor of a socket just accepted is so high that the connection must be rejected: the table is nearly full, whichever part of the
    /// process filled it.
    /// </summary>
    public static bool IsForRejections(INetworkStack stack, SocketHandle newest) => stack.DescriptorsLeft(newest) < RuntimeReserve + RejectionReserve;

    /// <summary>Whether the descriptor of a socket just opened is one of those that no socket may take.</summary>
    public static bool IsForRuntime(INetworkStack stack, SocketHandle newest) => stack.DescriptorsLeft(newest) < RuntimeReserve;
}

namespace NetLoop.Transports;

/// <summary>Shares out the descriptors of the process: what it holds already, what must stay free, and the rest for connections.</summary>
internal static class DescriptorBudget
{
    /// <summary>
    /// Descriptors that no socket takes. The runtime needs two for a moment to start any thread, and ends the process or loses a thread of its pool when
    /// there are none; it keeps two of each assembly that it loads; names, certificates, logs and the application's files need some.
    /// </summary>
    public const int RuntimeReserve = 64;

    /// <summary>Connections that a server accepts beyond its maximum, and refused ones it keeps at a time, only to tell them why.</summary>
    public const int RefusalReserve = 32;

    /// <summary>How many connections a server may have beside everything that is open now; less than one when it cannot serve.</summary>
    public static int MaxConnections(INetworkStack stack) => stack.MaxSockets - stack.CountOpenDescriptors() - RuntimeReserve - RefusalReserve;

    /// <summary>
    /// Whether a socket just accepted stands where only refusals may: the table is nearly full, no matter which part of the process filled
    /// it.
    /// </summary>
    public static bool IsForRefusals(INetworkStack stack, SocketHandle newest) => stack.DescriptorsLeft(newest) < RuntimeReserve + RefusalReserve;

    /// <summary>Whether a socket just opened stands where none may.</summary>
    public static bool IsForRuntime(INetworkStack stack, SocketHandle newest) => stack.DescriptorsLeft(newest) < RuntimeReserve;
}

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>A system on which scripts run: the kernel, or a simulation.</summary>
internal abstract class ParityArm(INetworkStack near, INetworkStack far) : IDisposable
{
    /// <summary>The host from which connections are made.</summary>
    public ParityHost Near { get; } = new(near);

    /// <summary>The host of the listeners, the sockets that they accept, and the files of Unix sockets.</summary>
    public ParityHost Far { get; } = new(far);

    /// <summary>The path of a file that a script names.</summary>
    public abstract string PathOf(string name);

    /// <summary>Number of bytes that can be received from a socket.</summary>
    public abstract int UnreadOf(ParityHost host, SocketHandle socket);

    /// <summary>Waits until a condition holds, as far as it only takes time.</summary>
    /// <param name="isSo">The condition, which is checked repeatedly.</param>
    /// <returns>Whether the condition holds.</returns>
    public abstract bool Settle(Func<bool> isSo);

    /// <summary>Waits until a condition holds that depends on the system's timers, as long as it takes.</summary>
    public abstract void Await(Func<bool> isSo);

    /// <summary>Ends and restarts the process of the far host. The kernel closes its sockets.</summary>
    public abstract void CrashFar(IEnumerable<SocketHandle> sockets);

    public abstract void MakeFile(string path);

    public abstract void MakeDirectory(string path);

    /// <summary>Removes a file or a directory.</summary>
    public abstract void Remove(string path);

    /// <summary>Makes a file or directory read-only.</summary>
    public abstract void MakeReadOnly(string path);

    /// <summary>Forbids all access to a directory.</summary>
    public abstract void Forbid(string path);

    public abstract bool Exists(string path);

    public virtual void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }
}

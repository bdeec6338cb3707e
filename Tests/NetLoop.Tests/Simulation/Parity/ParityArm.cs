namespace NetLoop.Tests.Simulation.Parity;

/// <summary>One of the systems that a script runs on: the kernel, or a simulation.</summary>
internal abstract class ParityArm(INetworkStack near, INetworkStack far) : IDisposable
{
    /// <summary>Where connections are made from.</summary>
    public ParityHost Near { get; } = new(near);

    /// <summary>Where listeners are, with the sockets they accept and the files of Unix sockets.</summary>
    public ParityHost Far { get; } = new(far);

    /// <summary>The path of a file that a script names.</summary>
    public abstract string PathOf(string name);

    /// <summary>Bytes that wait in a socket.</summary>
    public abstract int UnreadOf(ParityHost host, SocketHandle socket);

    /// <summary>Waits until something is so, as far as it is only a matter of time.</summary>
    /// <param name="isSo">Looked at again and again.</param>
    /// <returns>Whether it is so.</returns>
    public abstract bool Settle(Func<bool> isSo);

    /// <summary>Waits until something is so that takes the system's timers, as long as it takes.</summary>
    public abstract void Await(Func<bool> isSo);

    /// <summary>The process of the far host is gone, and started again. Its sockets are closed by the kernel.</summary>
    public abstract void CrashFar(IEnumerable<SocketHandle> sockets);

    public abstract void MakeFile(string path);

    public abstract void MakeDirectory(string path);

    /// <summary>Removes a file or a directory.</summary>
    public abstract void Remove(string path);

    /// <summary>From here on nobody may write there; if it is a directory, make files in it.</summary>
    public abstract void MakeReadOnly(string path);

    /// <summary>From here on nobody may even look into it.</summary>
    public abstract void Forbid(string path);

    public abstract bool Exists(string path);

    public virtual void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }
}

namespace NetLoop.Simulation;

/// <summary>The files of one host that Unix sockets can see. A directory that was never mentioned exists.</summary>
/// <remarks>Source: unix_find_bsd and unix_bind_bsd of Linux; the replacement of stale files is the Linux stack's.</remarks>
internal sealed class SimulatedFiles
{
    private readonly Dictionary<string, SimulatedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedFile>.AlternateLookup<ReadOnlySpan<char>> _byName;

    public SimulatedFiles() => _byName = _files.GetAlternateLookup<ReadOnlySpan<char>>();

    public void AddRegularFile(string path) => _files[path] = new SimulatedFile(FileKind.Regular);

    public void AddDirectory(string path) => _files[path] = new SimulatedFile(FileKind.Directory);

    /// <summary>Removes a file or an empty directory; a socket that listens there can no longer be reached.</summary>
    public void Remove(string path) => _files[path] = new SimulatedFile(FileKind.Missing);

    /// <summary>Makes a file read-only; in a directory, no files can be created or removed.</summary>
    public void MakeReadOnly(string path) => _files[path].IsReadOnly = true;

    /// <summary>Forbids access to a file, and to the files inside it if it is a directory.</summary>
    public void Forbid(string path) => _files[path].IsForbidden = true;

    public bool Exists(string path) => FindThere(path, out SimulatedFile? file) == SocketStatus.Ok && file is not null;

    /// <summary>Finds the socket that listens at a path.</summary>
    /// <returns>Ok; NotFound, AccessDenied or ConnectionRefused if none can be reached there.</returns>
    public SocketStatus FindListener(string path, out SimulatedSocket? listener)
    {
        listener = null;
        SocketStatus status = FindThere(path, out SimulatedFile? file);
        if (status != SocketStatus.Ok)
        {
            return status;
        }

        if (file is null)
        {
            return SocketStatus.NotFound;
        }

        if (file.IsReadOnly || file.IsForbidden)
        {
            return SocketStatus.AccessDenied;
        }

        listener = file.Listener;
        return listener is null ? SocketStatus.ConnectionRefused : SocketStatus.Ok;
    }

    /// <summary>Whether a listener can be bound to a path: to a new file, or in place of the file of a listener that is gone.</summary>
    public SocketStatus CheckBind(string path)
    {
        SocketStatus status = FindThere(path, out SimulatedFile? file);
        if (status != SocketStatus.Ok)
        {
            return status;
        }

        bool canChange = _byName.TryGetValue(DirectoryOf(path), out SimulatedFile? directory) ? !directory.IsReadOnly : true;
        if (file is null)
        {
            return canChange ? SocketStatus.Ok : SocketStatus.AccessDenied;
        }

        bool isStale = file.Kind == FileKind.Socket && file.Listener is null && !file.IsReadOnly && !file.IsForbidden;
        return isStale && canChange ? SocketStatus.Ok : SocketStatus.AddressInUse;
    }

    /// <summary>Creates the file of a listener.</summary>
    public void Bind(string path, SimulatedSocket listener) =>
        _files[path] = new SimulatedFile(FileKind.Socket) { Listener = listener, IsOurs = true };

    /// <summary>Closes a listener; its file remains.</summary>
    public void Unbind(string path, SimulatedSocket listener)
    {
        if (_files.TryGetValue(path, out SimulatedFile? file) && file.Listener == listener)
        {
            file.Listener = null;
        }
    }

    /// <summary>Removes the file of a listener if the current process created it; does nothing to others.</summary>
    public void RemoveOurs(string path)
    {
        if (FindThere(path, out SimulatedFile? file) == SocketStatus.Ok
            && file is { IsOurs: true }
            && !(_byName.TryGetValue(DirectoryOf(path), out SimulatedFile? directory) && directory.IsReadOnly))
        {
            Remove(path);
        }
    }

    /// <summary>The process is gone: from now on its files belong to nobody.</summary>
    public void Disown()
    {
        foreach (SimulatedFile file in _files.Values)
        {
            file.IsOurs = false;
        }
    }

    /// <summary>Follows a path.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="file">What is there, or null for nothing; null too when the way there ends before.</param>
    private SocketStatus FindThere(string path, out SimulatedFile? file)
    {
        file = null;
        for (int end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1))
        {
            if (_byName.TryGetValue(path.AsSpan(0, end), out SimulatedFile? directory))
            {
                if (directory.Kind != FileKind.Directory)
                {
                    return SocketStatus.NotFound;
                }

                if (directory.IsForbidden)
                {
                    return SocketStatus.AccessDenied;
                }
            }
        }

        if (_files.TryGetValue(path, out SimulatedFile? there) && there.Kind != FileKind.Missing)
        {
            file = there;
        }

        return SocketStatus.Ok;
    }

    private static ReadOnlySpan<char> DirectoryOf(string path) => path.AsSpan(0, Math.Max(0, path.LastIndexOf('/')));
}

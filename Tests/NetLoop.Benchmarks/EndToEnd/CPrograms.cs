using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The reference in C, compiled into a temporary folder: available where gcc and the sources are.</summary>
internal sealed class CPrograms : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netloop-bench-").FullName;

    /// <summary>The plain epoll echo: <c>epoll_echo PORT [spin]</c>; null where it cannot be built.</summary>
    public string? EpollEcho { get; private set; }

    /// <summary>The load generator; null where it cannot be built.</summary>
    public string? LoadGenerator { get; private set; }

    /// <summary>The same snapshot to all connections by <c>send</c> in a loop; null where it cannot be built.</summary>
    public string? Broadcast { get; private set; }

    /// <summary>Compiles what is there.</summary>
    /// <exception cref="FailureException">A source is there and does not compile.</exception>
    public async Task BuildAsync()
    {
        string shared = Machine.Repository is null ? "" : Path.Combine(Machine.Repository, "..", "shared", "bench");
        EpollEcho = await CompileAsync(shared, "epoll_echo").ConfigureAwait(false);
        LoadGenerator = await CompileAsync(shared, "loadgen").ConfigureAwait(false);
        Broadcast = await CompileAsync(Path.Combine(AppContext.BaseDirectory, "EndToEnd"), "broadcast").ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string?> CompileAsync(string sources, string name)
    {
        string source = Path.Combine(sources, name + ".c");
        if (!File.Exists(source) || Machine.FindProgram("gcc") is null)
        {
            return null;
        }

        string program = Path.Combine(_folder, name);
        return await Machine.OutputOfAsync(Machine.Start(null, "gcc", "-O2", "-o", program, source)).ConfigureAwait(false) is null
            ? throw new FailureException($"gcc cannot compile {source}")
            : program;
    }
}

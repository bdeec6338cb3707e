using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The reference programs in C, compiled into a temporary folder: available if <c>gcc</c> or <c>cc</c> is on the PATH.</summary>
internal sealed class CPrograms : IDisposable
{
    private static readonly string[] Compilers = ["gcc", "cc"];

    private readonly string _folder = Directory.CreateTempSubdirectory("netloop-bench-").FullName;

    /// <summary>The plain epoll echo: <c>epoll_echo PORT [spin]</c>; null without a compiler.</summary>
    public string? EpollEcho { get; private set; }

    /// <summary>The load generator; null without a compiler.</summary>
    public string? LoadGenerator { get; private set; }

    /// <summary>Sends the same snapshot to all connections with a loop of <c>send</c>; null without a compiler.</summary>
    public string? Broadcast { get; private set; }

    /// <summary>Compiles all of them, if there is a compiler.</summary>
    /// <exception cref="FailureException">A program does not compile.</exception>
    public async Task BuildAsync()
    {
        if (Compilers.FirstOrDefault(name => Machine.FindProgram(name) is not null) is { } compiler)
        {
            EpollEcho = await CompileAsync(compiler, "epoll_echo").ConfigureAwait(false);
            LoadGenerator = await CompileAsync(compiler, "loadgen").ConfigureAwait(false);
            Broadcast = await CompileAsync(compiler, "broadcast").ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> CompileAsync(string compiler, string name)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "EndToEnd", name + ".c");
        string program = Path.Combine(_folder, name);
        return await Machine.OutputOfAsync(Machine.Start(null, compiler, "-O2", "-o", program, source)).ConfigureAwait(false) is null
            ? throw new FailureException($"{compiler} cannot compile {source}")
            : program;
    }
}

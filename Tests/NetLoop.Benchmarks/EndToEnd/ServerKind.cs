namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>One of the echo servers that are compared.</summary>
/// <param name="Name">In tables and options.</param>
/// <param name="Program">What is started.</param>
/// <param name="Arguments">Its arguments. It listens on a port that the system chooses, and prints it.</param>
internal sealed record ServerKind(string Name, string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>The engine with its defaults.</summary>
    public const string NetLoop = "netloop";

    /// <summary>Another build of the engine, with its defaults.</summary>
    public const string Former = "netloop-former";

    /// <summary>The engine with handlers on a thread of their own.</summary>
    public const string Dedicated = "netloop-dedicated";

    /// <summary>The engine with a spin of 50 us before it sleeps.</summary>
    public const string Spin = "netloop-spin";

    /// <summary>The engine with TLS.</summary>
    public const string NetLoopTls = "netloop-tls";

    /// <summary>Kestrel with TLS and the same certificate.</summary>
    public const string KestrelTls = "kestrel-tls";

    /// <summary>The plain epoll echo in C.</summary>
    public const string C = "c";

    /// <summary>The same that never sleeps.</summary>
    public const string CSpin = "c-spin";

    /// <summary>SocketAsyncEventArgs.</summary>
    public const string Saea = "saea";

    /// <summary>A connection handler of Kestrel.</summary>
    public const string Kestrel = "kestrel";

    private static readonly string OwnProgram = Path.Combine(AppContext.BaseDirectory, "NetLoop.Benchmarks.dll");

    /// <summary>Whether it has code to be compiled before it is measured.</summary>
    public bool IsManaged => Program == "dotnet";

    /// <summary>Whether it may stay while others are measured: one that never sleeps may not.</summary>
    public bool IsResident => Name != CSpin;

    /// <summary>All servers that can run here.</summary>
    /// <param name="programs">The servers in C.</param>
    /// <param name="formerBuild">The netloop.dll of another build; null for none.</param>
    public static IReadOnlyList<ServerKind> All(CPrograms programs, string? formerBuild = null)
    {
        string[] options = ["echo", "--hello", "none", "--tcp", "127.0.0.1:0"];
        string[] echo = [Machine.NetLoop, .. options];
        List<ServerKind> all =
        [
            new(NetLoop, "dotnet", echo),
            new(Dedicated, "dotnet", [.. echo, "--handlers", "dedicated"]),
            new(Spin, "dotnet", [.. echo, "--spin", "50"]),
            new(Saea, "dotnet", OwnProgram, "serve", "saea"),
            new(Kestrel, "dotnet", OwnProgram, "serve", "kestrel"),
        ];
        if (formerBuild is not null)
        {
            all.Add(new ServerKind(Former, "dotnet", [formerBuild, .. options]));
        }

        if (programs.EpollEcho is { } epollEcho)
        {
            all.Add(new ServerKind(C, epollEcho, "0"));
            all.Add(new ServerKind(CSpin, epollEcho, "0", "spin"));
        }

        return all;
    }

    /// <summary>The two servers that are compared with TLS.</summary>
    /// <param name="certificate">Files of the certificate and its key.</param>
    public static IReadOnlyList<ServerKind> WithTls((string Certificate, string Key) certificate)
    {
        string[] files = ["--certificate", certificate.Certificate, "--key", certificate.Key];
        return
        [
            new(NetLoopTls, "dotnet", [Machine.NetLoop, "echo", "--hello", "none", "--tls", "127.0.0.1:0", .. files]),
            new(KestrelTls, "dotnet", [OwnProgram, "serve", Kestrel, .. files]),
        ];
    }

    /// <summary>The engine's echo with further options.</summary>
    public static ServerKind NetLoopWith(params IEnumerable<string> options) =>
        new(NetLoop, "dotnet", [Machine.NetLoop, "echo", "--hello", "none", "--tcp", "127.0.0.1:0", .. options]);

    /// <summary>A server of this program.</summary>
    public static ServerKind Own(string name, params IEnumerable<string> options) => new(name, "dotnet", [OwnProgram, "serve", name, .. options]);
}

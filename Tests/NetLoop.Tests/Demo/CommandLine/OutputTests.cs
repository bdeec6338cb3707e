using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.CommandLine;

/// <summary>Output that fails or is not read, and signals: in real processes.</summary>
[Platform("Linux")]
[Parallelizable]
public sealed class OutputTests
{
    /// <summary>Runs netloop with stdout and stderr on a full pipe that is never read; its arguments follow the path of the pipe.</summary>
    private const string Unread = """
        pipe=$1; shift; mkfifo "$pipe"; exec 3<>"$pipe"
        dd if=/dev/zero of="$pipe" bs=4096 count=64 oflag=nonblock 2>/dev/null
        exec dotnet "$@" >"$pipe" 2>"$pipe"
        """;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "netloop.dll");

    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("netloop-output-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    private string Socket => Path.Combine(_folder, "s");

    private static IEnumerable<TestCaseData> Commands()
    {
        yield return new TestCaseData("server --tcp 127.0.0.1:0 --duration 10ms");
        yield return new TestCaseData("echo --tcp 127.0.0.1:0 --duration 10ms");
        yield return new TestCaseData("demo --tcp 127.0.0.1:0 --bots 1 --no-page --duration 1s");
        yield return new TestCaseData("sim --seed 1");
        yield return new TestCaseData("port 1");
        yield return new TestCaseData("classic server --port 0 --duration 10ms");
    }

    [TestCaseSource(nameof(Commands))]
    public async Task Json_DeviceIsFull_IsOneLineAndExitCode1(string command) =>
        AssertRefused(await ShellAsync("exec dotnet \"$@\" --json >/dev/full", command), "No space left on device");

    [TestCase("server --tcp 127.0.0.1:0 --duration 10ms --json", "the summary")]
    [TestCase("port 1 --json", "the summary")]
    [TestCase("port 1", "the output")]
    [TestCase("--help", "the output")]
    public async Task Stdout_Closed_IsOneLineAndExitCode1(string command, string what)
    {
        ProcessResult result = await ShellAsync("exec dotnet \"$@\" >&-", command);
        AssertRefused(result, "Bad file descriptor");
        Assert.That(result.Errors, Does.Contain(what));
    }

    [TestCase("port 1 --json")]
    [TestCase("server --tcp 127.0.0.1:0 --duration 10ms")]
    public async Task Stdout_ReaderIsGone_IsOneLineAndExitCode1(string command)
    {
        ProcessResult result = await ShellAsync("(dotnet \"$@\"; echo \"code $?\" >&2) | :", command);
        Assert.That(result.Errors, Does.Match(@"(^|\n)netloop: [^\n]*Broken pipe\ncode 1$"));
    }

    [Test]
    public async Task Stop_NobodyReadsTheOutput_PeersSeeGoodbyeAndTheProcessEnds()
    {
        await using ChildProcess process = ChildProcess.Start("sh", "-c", Unread, "sh", Path.Combine(_folder, "pipe"), Program, "server", "--unix", Socket);
        await using NetClient client = await ConnectAsync();
        await process.SignalAsync("TERM");
        CloseInfo info = await client.Closed.WaitAsync(ChildProcess.Deadline);
        Assert.That(info, Is.EqualTo(new CloseInfo(CloseReason.ServerStopping, "The server is stopping.", ByPeer: true)));
        Assert.That((await process.EndAsync()).ExitCode, Is.EqualTo(1), "the summary could not be written");
    }

    [Test]
    public async Task Hangup_TerminalCloses_PeersSeeGoodbye()
    {
        await using ChildProcess process = ChildProcess.NetLoop("server", "--unix", Socket);
        await using NetClient client = await ConnectAsync();
        process.RequireSignal("HUP");
        await process.SignalAsync("HUP");
        Assert.That((await client.Closed.WaitAsync(ChildProcess.Deadline)).Reason, Is.EqualTo(CloseReason.ServerStopping));
        Assert.That((await process.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Hangup_IgnoredAtStart_StaysIgnored()
    {
        await using ChildProcess process = ChildProcess.Start("sh", "-c", "trap '' HUP; exec dotnet \"$@\"", "sh", Program, "server", "--unix", Socket);
        await using NetClient client = await ConnectAsync();
        Assert.That(process.Ignores(1), Is.True, "nohup: the program left it as it was");
        await process.SignalAsync("HUP");
        await process.SignalAsync("TERM");
        Assert.That((await process.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task SecondSignal_TheCommandIsStuck_EndsTheProcess()
    {
        string assembly = Path.Combine(_folder, "Game.dll");
        GeneratorRun.Emit(assembly, "[NetMessage(100)] public partial record struct A([property: Key(0)] int X);");
        string lockFile = Path.Combine(_folder, "lock");
        await ChildProcess.RunAsync("mkfifo", lockFile);
        await using ChildProcess process = ChildProcess.NetLoop("contracts", "check", "--assembly", assembly, "--lock", lockFile);

        // Opened when the command opens the other end; from then on the command waits in a read that no signal ends.
        Task<FileStream> opening = Task.Run(() => new FileStream(lockFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        await using FileStream writer = await opening.WaitAsync(ChildProcess.Deadline);
        await process.SignalAsync("TERM");
        await process.SignalAsync("TERM");
        Assert.That((await process.EndAsync()).ExitCode, Is.EqualTo(1));
    }

    private static void AssertRefused(ProcessResult result, string reason)
    {
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Errors, Does.Match($@"(^|\n)netloop: [^\n]*cannot be written to stdout: {reason}$"));
        Assert.That(result.Errors, Does.Not.Contain("   at "));
    }

    private static Task<ProcessResult> ShellAsync(string script, string command) =>
        ChildProcess.RunAsync("sh", ["-c", script, "sh", Program, .. command.Split(' ')]);

    private async Task<NetClient> ConnectAsync()
    {
        using var deadline = new CancellationTokenSource(ChildProcess.Deadline);
        while (true)
        {
            try
            {
                return await NetClient.ConnectAsync(NetEndpoint.Unix(Socket), cancellation: deadline.Token);
            }
            catch (NetConnectException)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }
}

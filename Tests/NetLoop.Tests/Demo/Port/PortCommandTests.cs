using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Port;

[TestFixture]
[Platform("Linux")]
[Parallelizable]
public sealed class PortCommandTests
{
    [Test]
    public async Task Port_HeldOverTcpAndUdp_NamesProcessAndCommandLine()
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        int port = ((IPEndPoint)tcp.LocalEndpoint).Port;
        using var udp = new UdpClient(new IPEndPoint(IPAddress.IPv6Loopback, port));

        ProcessResult result = await ChildProcess.RunNetLoopAsync("port", Text(port), "--json");

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(2));
        using JsonDocument summary = JsonDocument.Parse(result.Output.Single());
        JsonElement[] holders = [.. summary.RootElement.GetProperty("holders").EnumerateArray()];
        Assert.That(holders.Select(holder => holder.GetProperty("protocol").GetString()), Is.EquivalentTo(new[] { "tcp", "udp6" }));
        Assert.That(holders.Select(holder => holder.GetProperty("processId").GetInt32()), Is.All.EqualTo(Environment.ProcessId));
        Assert.That(holders.Select(holder => holder.GetProperty("commandLine").GetString()), Is.All.Not.Empty);
    }

    [Test]
    public async Task Port_HeldByNobody_IsExitCode1()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("port", Text(FreePort.Find()));

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output.Single(), Does.StartWith("nobody holds port "));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Kill_AgreedTo_EndsTheHolder(bool beforehand)
    {
        await using ChildProcess holder = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0");
        int port = await holder.ExpectPortAsync("listening on tcp ");

        string[] arguments = beforehand ? ["port", Text(port), "--kill", "--yes"] : ["port", Text(port), "--kill"];
        await using ChildProcess killing = ChildProcess.NetLoop(arguments);
        await killing.TypeAsync("y");
        ProcessResult result = await killing.EndAsync();

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output[^2], Does.Contain($"process {holder.Id} (").And.Contain("ended after"));
        Assert.That(result.Output[^1], Is.EqualTo($"port {port} is free"));
        Assert.That((await holder.EndAsync()).ExitCode, Is.Zero, "SIGTERM drains");
    }

    [Test]
    public async Task Kill_AnsweredWithNo_LeavesTheHolderAlone()
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();

        await using ChildProcess asking = ChildProcess.NetLoop("port", Text(((IPEndPoint)tcp.LocalEndpoint).Port), "--kill");
        await asking.TypeAsync("n");
        ProcessResult result = await asking.EndAsync();

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output[^2], Does.EndWith("was left alone"));
        Assert.That(result.Output[^1], Does.Contain("is still held by process "));
    }

    [Test]
    public async Task Kill_HolderWhoseParentNeverAsksAboutIt_HasEnded()
    {
        // The shell becomes a program that does not wait for its children, so its child becomes a zombie.
        string echo = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "netloop.dll")}' echo --tcp 127.0.0.1:0";
        await using ChildProcess parent = ChildProcess.Start("sh", "-c", $"{echo} & exec sleep 1000");
        int port = await parent.ExpectPortAsync("listening on tcp ");

        ProcessResult result = await ChildProcess.RunNetLoopAsync("port", Text(port), "--kill", "--yes");

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output[^1], Is.EqualTo($"port {port} is free"));
        ProcessResult again = await ChildProcess.RunNetLoopAsync("port", Text(port));
        Assert.That(again.Output.Single(), Does.StartWith("nobody holds port "));
    }

    [Test]
    public async Task Kill_ChildOfTheHolderHasTheSocketToo_SaysThatThePortIsStillHeld()
    {
        // The child ignores SIGTERM until the test closes its input.
        const string Script = """
            import os, signal, socket, sys
            s = socket.socket()
            s.bind(("127.0.0.1", 0))
            s.listen()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if os.fork() == 0:
                sys.stdin.read()
                os._exit(0)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            print("port", s.getsockname()[1], flush=True)
            signal.pause()
            """;
        Python.Require();
        await using ChildProcess parent = ChildProcess.Start("python3", "-c", Script);
        int port = await parent.ExpectPortAsync("port ");

        ProcessResult result = await ChildProcess.RunNetLoopAsync("port", Text(port), "--kill", "--yes", "--duration", "500ms", "--json");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Errors, Does.Contain($"port {port} is still held by process "));
        using JsonDocument summary = JsonDocument.Parse(result.Output.Single());
        Assert.That(summary.RootElement.GetProperty("isFree").GetBoolean(), Is.False);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

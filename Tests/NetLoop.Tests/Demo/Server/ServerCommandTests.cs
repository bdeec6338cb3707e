using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Server;

[TestFixture]
[Parallelizable]
public sealed class ServerCommandTests
{
    [Test]
    public async Task Server_PortInUse_NamesTheHolderOnOneLine()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        int port = ((IPEndPoint)holder.LocalEndpoint).Port;

        ProcessResult result = await ChildProcess.RunNetLoopAsync("server", "--tcp", $"127.0.0.1:{port}");

        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(1), result.Errors);
        Assert.That(result.Errors, Does.Contain($"port {port} is held by process {Environment.ProcessId} ("));
    }

    [Test]
    public async Task Server_Duration_EndsByItselfWithASummary()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync(
            "server", "--tcp", "127.0.0.1:0", "--tcp", "[::1]:0", "--duration", "1500ms", "--json");

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Errors, Does.Contain("listening on tcp 127.0.0.1:").And.Contain("listening on tcp [::1]:"));
        using JsonDocument summary = JsonDocument.Parse(result.Output.Single());
        Assert.That(summary.RootElement.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(summary.RootElement.GetProperty("ticksPerSecond").GetDouble(), Is.Positive.And.LessThan(61), "a busy machine may skip some");
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    public async Task Signal_WhileSomebodyIsConnected_DrainsWithExitCode0(string signal)
    {
        await using ChildProcess server = ChildProcess.NetLoop("server", "--tcp", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        await using ChildProcess client = ChildProcess.NetLoop("client", "--connect", $"tcp://127.0.0.1:{port}");
        await client.TypeAsync("hello");
        await client.ExpectAsync("hello");

        await server.SignalAsync(signal);

        ProcessResult result = await server.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That((await client.EndAsync()).Errors, Does.Contain("server"), "the client says who ended it");
    }

    [Test]
    public async Task Signal_Twice_EndsAtOnceWithExitCode1()
    {
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0", "--hello", "none");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        using var stubborn = new TcpClient();
        await stubborn.ConnectAsync(IPAddress.Loopback, port);
        byte[] emptyBlob = [0, 0, 0, 6, 0x93, 2, 103, 0x91, 0xC4, 0];
        await stubborn.GetStream().WriteAsync(emptyBlob);
        await stubborn.GetStream().ReadExactlyAsync(new byte[emptyBlob.Length]).AsTask().WaitAsync(ChildProcess.Deadline);

        await server.SignalAsync("TERM");
        await ReadToEndAsync(stubborn);
        await server.SignalAsync("TERM");

        ProcessResult result = await server.EndAsync();
        Assert.That(result.ExitCode, Is.EqualTo(1), $"a client that does not close would have been waited for\n{result}");
    }

    [Test]
    public async Task Server_WithAClientInAnotherLanguage_PlaysWithIt()
    {
        Python.Require();
        await using ChildProcess server = ChildProcess.NetLoop("server", "--tcp", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");

        await using ChildProcess client = Python.Client($"tcp://127.0.0.1:{port}", "--moves", "200", "--divide", "7", "2", "--say", "hello");
        ProcessResult result = await client.EndAsync();

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Has.Some.StartsWith("session ").And.Some.EqualTo("divide: 7 / 2 = 3.5"));
    }

    // The server has drained when it has sent Goodbye and ended its stream; this side keeps its own open.
    private static async Task ReadToEndAsync(TcpClient client)
    {
        using var deadline = new CancellationTokenSource(ChildProcess.Deadline);
        byte[] buffer = new byte[1024];
        while (await client.GetStream().ReadAsync(buffer, deadline.Token) > 0)
        {
        }
    }
}

using System.Globalization;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Classic;

/// <summary>The second tutorial: chunks of at most 32 bytes, from many clients at once.</summary>
[TestFixture]
[Parallelizable]
public sealed class StreamTests
{
    private const string Text = "This text is longer than one chunk, and has to arrive whole and in order.";

    [Test]
    public async Task Server_WithItsOwnClients_PrintsEveryByteInChunks()
    {
        string port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
        await using ChildProcess server = ChildProcess.NetLoop("classic", "stream-server", "--port", port);
        await server.ExpectAsync("Waiting for connection");

        ProcessResult[] clients = await Task.WhenAll(
            ChildProcess.RunNetLoopAsync("classic", "stream-client", "--port", port, "--send", Text),
            ChildProcess.RunNetLoopAsync("classic", "stream-client", "--port", port, "--send", Text));

        Assert.That(clients.Select(client => client.ExitCode), Is.All.Zero, clients[0].ToString());
        await ExpectBytesAsync(server, Text.Length * 2);
        ProcessResult result = await StopAsync(server);
        Assert.That(result.Output.Count(line => line.StartsWith("Connected to client IP: ('127.0.0.1', ", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task Server_WithTheTutorialsClient_PrintsItsTextInOrder()
    {
        Python.Require();
        string port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
        await using ChildProcess server = ChildProcess.NetLoop("classic", "stream-server", "--port", port, "--chunk", "32");
        await server.ExpectAsync("Waiting for connection");

        await using ChildProcess client = Python.Tutorial("stream_client.py", port, Text);
        Assert.That((await client.EndAsync()).ExitCode, Is.Zero);

        string received = await ExpectBytesAsync(server, Text.Length);
        Assert.That(received, Is.EqualTo(Text));
        await StopAsync(server);
    }

    [Test]
    public async Task Client_OfTheTutorialsServer_DeliversItsText()
    {
        Python.Require();
        await using ChildProcess server = Python.Tutorial("stream_server.py", "0");
        string port = (await server.ExpectPortAsync("Port ")).ToString(CultureInfo.InvariantCulture);

        ProcessResult client = await ChildProcess.RunNetLoopAsync("classic", "stream-client", "--port", port, "--send", Text);

        Assert.That(client.ExitCode, Is.Zero, client.ToString());
        ProcessResult result = await server.EndAsync();
        Assert.That(string.Concat(result.Output.Where(IsData).Select(DataOf)), Is.EqualTo(Text));
    }

    private static async Task<string> ExpectBytesAsync(ChildProcess server, int count)
    {
        string received = "";
        while (received.Length < count)
        {
            string chunk = DataOf(await server.ExpectAsync("Received data: "));
            Assert.That(chunk, Has.Length.InRange(1, 32));
            received += chunk;
        }

        return received;
    }

    private static async Task<ProcessResult> StopAsync(ChildProcess server)
    {
        await server.SignalAsync("TERM");
        ProcessResult result = await server.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result;
    }

    private static bool IsData(string line) => line.StartsWith("Received data: ", StringComparison.Ordinal);

    private static string DataOf(string line) => line["Received data: ".Length..];
}

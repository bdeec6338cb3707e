using NetLoop.Demo.Certificates;
using NetLoop.Tests.Transports.WebSockets.Conformance;
using NUnit.Framework;

namespace NetLoop.Tests.Demo;

/// <summary>The Python client over WebSocket: with the real server, and with servers that break RFC 6455.</summary>
[TestFixture]
[Parallelizable]
public sealed class PythonWebSocketTests
{
    private static readonly string[] Game = ["--moves", "200", "--divide", "7", "2", "--say", "hello"];

    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("netloop-python").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Server_OverWebSocketAndTls_PlaysWithIt()
    {
        Python.Require();
        (string certificate, string key) = DevelopmentCertificate.Write(_folder);
        await using ChildProcess server = ChildProcess.NetLoop(
            "server", "--ws", "127.0.0.1:0", "--wss", "127.0.0.1:0", "--tls", "127.0.0.1:0", "--certificate", certificate, "--key", key);
        var ports = new Dictionary<string, int>();
        foreach (string scheme in (string[])["tls", "ws", "wss"])
        {
            ports[scheme] = await server.ExpectPortAsync($"listening on {scheme} 127.0.0.1:");
        }

        await AssertPlaysAsync(Python.WebSocketClient([$"ws://127.0.0.1:{ports["ws"]}/?room=red", .. Game]));
        await AssertPlaysAsync(Python.WebSocketClient([$"wss://localhost:{ports["wss"]}", "--trust", certificate, .. Game]));
        await AssertPlaysAsync(Python.Client([$"tls://127.0.0.1:{ports["tls"]}", "--trust", certificate, .. Game]));
        await AssertFailsAsync(Python.WebSocketClient($"wss://127.0.0.1:{ports["wss"]}"), "the certificate is not trusted: self-signed certificate");
        await AssertFailsAsync(Python.Client($"tcp://127.0.0.1:{ports["ws"]}"), "the server answered in HTTP; write ws://");

        await server.SignalAsync("TERM");
        ProcessResult result = await server.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Has.Some.Contains("closed Normal 3"), result.ToString());
    }

    [Test]
    public async Task Article_Example_Runs()
    {
        Python.Require();
        (string certificate, string key) = DevelopmentCertificate.Write(_folder);
        await using ChildProcess server = ChildProcess.NetLoop(
            "server", "--tcp", "127.0.0.1:0", "--wss", "127.0.0.1:0", "--certificate", certificate, "--key", key);
        int tcp = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        int secure = await server.ExpectPortAsync("listening on wss 127.0.0.1:");
        string article = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Engine/Docs/articles/how-to/other-languages.md"));
        string example = article.Split("```python\n")[1].Split("```")[0]
            .Replace("tcp://127.0.0.1:7777", $"tcp://127.0.0.1:{tcp}", StringComparison.Ordinal)
            .Replace("wss://localhost:7781", $"wss://localhost:{secure}", StringComparison.Ordinal)
            .Replace("certificates/netloop.pem", certificate, StringComparison.Ordinal);
        string program = Path.Combine(_folder, "example.py");
        string clients = Path.Combine(Repository.Root, "Demo/clients/python");
        await File.WriteAllTextAsync(program, $"import sys\nsys.path.insert(0, '{clients}')\n{example}");

        ProcessResult result = await ChildProcess.RunAsync("python3", "-S", program);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output[0], Is.EqualTo("hello 3.5"));
        Assert.That(result.Output[1], Does.EndWith(" ms"));
    }

    [Test]
    public async Task Receive_FragmentsWithAPingBetween_IsOneMessage()
    {
        Python.Require();
        await using var server = new WebSocketScript(WebSocketScript.Upgrade, static async peer =>
        {
            // Hello. Its response is [1, 0, nil, [5, 60, 0, nil, 65536]] in three fragments, one of them empty.
            Assert.That((await peer.ReadAsync()).Opcode, Is.EqualTo(2));
            await peer.SendAsync(0x02, 4, 0x94, 0x01, 0x00, 0xC0);
            await peer.SendAsync(0x89, 3, 1, 2, 3);
            await peer.SendAsync(0x00, 0);
            await peer.SendAsync(0x8A, 0);
            await peer.SendAsync(0x80, 10, 0x95, 0x05, 0x3C, 0x00, 0xC0, 0xCE, 0x00, 0x01, 0x00, 0x00);
            ReceivedFrame pong = await peer.ReadAsync();
            Assert.That((pong.Opcode, string.Join(' ', pong.Payload)), Is.EqualTo((10, "1 2 3")));

            // The Ping of NetLoop: [0, 1, 2, [time]]. Its response, in a frame with the longest header.
            byte[] ping = (await peer.ReadAsync()).Payload;
            byte[] response = [0x94, 0x01, 0x01, 0xC0, 0x93, .. ping.AsSpan(5), 0x00, 0x00];
            await peer.SendAsync([0x82, 127, 0, 0, 0, 0, 0, 0, 0, (byte)response.Length, .. response]);

            // Goodbye and the close frame, each with a reason.
            Assert.That((await peer.ReadAsync()).Payload[..3], Is.EqualTo(new byte[] { 0x93, 0x02, 0x03 }));
            Assert.That((await peer.ReadAsync()).Payload, Is.EqualTo(new byte[] { 0x03, 0xE8 }));
            await peer.SendAsync(0x88, 2, 0x03, 0xE8);
        });

        await using ChildProcess client = Python.WebSocketClient(server.Uri);
        ProcessResult result = await client.EndAsync();
        await server.PlayedAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Has.Some.StartsWith("session 5 at 60 ticks a second"));
    }

    [TestCase("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "the server rejected the upgrade: 403 Forbidden")]
    [TestCase("HTTP/1.1 200\r\n\r\n", "the server rejected the upgrade: 200")]
    [TestCase("HTTP/1.1\r\n\r\n", "the response to the upgrade has no status")]
    [TestCase("SSH-2.0-OpenSSH\r\n\r\n", "the server does not speak HTTP")]
    [TestCase("HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {0}x\r\n\r\n", "does not belong to the request")]
    [TestCase("HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: close\r\nSec-WebSocket-Accept: {0}\r\n\r\n", "does not belong to the request")]
    [TestCase("HTTP/1.1 101 Yes\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {0}\r\n\r\n", "does not belong to the request")]
    [TestCase("HTTP/1.1 101 Yes\r\nUpgrade\r\n\r\n", "has a malformed header")]
    [TestCase(
        "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {0}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        "an extension or a subprotocol that was not offered")]
    [TestCase("HTTP/1.1 101 Y", "the server closed the connection")]
    public async Task Open_UpgradeIsNotAccepted_SaysWhy(string response, string expected)
    {
        Python.Require();
        await using var server = new WebSocketScript(accept => response.Replace("{0}", accept, StringComparison.Ordinal), static _ => Task.CompletedTask);
        await AssertFailsAsync(Python.WebSocketClient(server.Uri), expected);
    }

    [Test]
    public async Task Open_HeadWithoutEnd_IsBounded()
    {
        Python.Require();
        await using var server = new WebSocketScript(static _ => "HTTP/1.1 101 Yes\r\nX: " + new string('x', 20_000), static _ => Task.CompletedTask);
        await AssertFailsAsync(Python.WebSocketClient(server.Uri), "the first 8192 bytes have no end");
    }

    /// <summary>The client closes with the code of RFC 6455, and reads nothing of what a header announces beyond the limit.</summary>
    [TestCase("82 7F 00 00 00 00 00 01 00 01", 1009, "a message of more than 65536 bytes")]
    [TestCase("82 7F FF FF FF FF FF FF FF FF", 1009, "a message of more than 65536 bytes")]
    [TestCase("02 01 94 80 7F 00 00 00 00 00 01 00 00", 1009, "a message of more than 65536 bytes")]
    [TestCase("81 01 61", 1003, "a text message")]
    [TestCase("80 01 94", 1002, "a fragment at the wrong place")]
    [TestCase("02 01 94 82 01 94", 1002, "a fragment at the wrong place")]
    [TestCase("C2 01 94", 1002, "a malformed frame")]
    [TestCase("83 00", 1002, "a malformed frame")]
    [TestCase("82 81 00 00 00 00 94", 1002, "a malformed frame")]
    [TestCase("09 00", 1002, "a control frame that is cut or too long")]
    [TestCase("89 7E 00 80", 1002, "a control frame that is cut or too long")]
    [TestCase("88 02 03 E9", 1001, "the server closed the connection, code 1001")]
    public async Task Receive_FrameBreaksARule_ClosesWithTheCode(string frames, int code, string expected)
    {
        Python.Require();
        int closedWith = 0;
        await using var server = new WebSocketScript(WebSocketScript.Upgrade, async peer =>
        {
            await peer.ReadAsync();
            await peer.SendAsync(Convert.FromHexString(frames.Replace(" ", "", StringComparison.Ordinal)));
            ReceivedFrame close = await peer.ReadAsync();
            closedWith = (close.Opcode << 16) | (close.Payload[0] << 8) | close.Payload[1];
        });
        await AssertFailsAsync(Python.WebSocketClient(server.Uri), expected);
        await server.PlayedAsync();
        Assert.That(closedWith, Is.EqualTo((8 << 16) | code));
    }

    [Test]
    public async Task Receive_EndlessFragments_AreBounded()
    {
        Python.Require();
        await using var server = new WebSocketScript(WebSocketScript.Upgrade, static async peer =>
        {
            await peer.ReadAsync();
            await peer.SendAsync([0x02, 0, .. new byte[2 * 1024]]);
            Assert.That((await peer.ReadAsync()).Payload, Is.EqualTo(new byte[] { 0x03, 0xF0 }));
        });
        await AssertFailsAsync(Python.WebSocketClient(server.Uri), "a message in more than 1024 fragments");
        await server.PlayedAsync();
    }

    [TestCase("ws://")]
    [TestCase("ws://127.0.0.1:65536")]
    [TestCase("ws://127.0.0.1/#part")]
    [TestCase("http://127.0.0.1")]
    [TestCase("ws://127.0.0.1", "--trust", "/no/such/file")]
    [TestCase("ws://127.0.0.1", "--moves", "many")]
    [TestCase("ws://127.0.0.1", "--moves", "-1")]
    public async Task CommandLine_Mistake_IsOneLineAndExitCode2(params string[] arguments)
    {
        Python.Require();
        await AssertIsMistakeAsync(Python.WebSocketClient(arguments), "netloop_websocket.py: ");
    }

    [Test]
    public async Task Udp_WithoutCryptography_NamesThePackage()
    {
        Python.Require();
        await AssertIsMistakeAsync(Python.Start("netloop_udp.py", "udp://127.0.0.1:1"), "netloop_udp.py needs the package 'cryptography'");
    }

    private static async Task AssertIsMistakeAsync(ChildProcess client, string beginning)
    {
        await using (client)
        {
            ProcessResult result = await client.EndAsync();
            Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
            Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(1).And.All.StartsWith(beginning));
        }
    }

    private static async Task AssertPlaysAsync(ChildProcess client)
    {
        await using (client)
        {
            ProcessResult result = await client.EndAsync();
            Assert.That(result.ExitCode, Is.Zero, result.ToString());
            Assert.That(result.Output, Has.Some.StartsWith("session ").And.Some.EqualTo("divide: 7 / 2 = 3.5").And.Some.EqualTo("say: heard 'hello'"));
        }
    }

    private static async Task AssertFailsAsync(ChildProcess client, string expected)
    {
        await using (client)
        {
            ProcessResult result = await client.EndAsync();
            Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
            Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(1).And.All.Contains(expected));
        }
    }
}

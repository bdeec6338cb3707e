using NUnit.Framework;

namespace NetLoop.Tests.Demo.Tokens;

[TestFixture]
[Parallelizable]
public sealed class TokenCommandTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("netloop-token").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Token_MadeWithTheServersKey_OpensASession()
    {
        ProcessResult made = await ChildProcess.RunNetLoopAsync("token", "--key", File("udp.key"));
        Assert.That(made.ExitCode, Is.Zero, made.ToString());
        Assert.That(made.Output, Is.EqualTo(new[] { $"new key: {File("udp.key")}" }));
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--udp", "127.0.0.1:0", "--udp-key", File("udp.key"));
        int port = await server.ExpectPortAsync("listening on udp 127.0.0.1:");
        await MakeTokenAsync("udp.key", port);

        await using ChildProcess client = ChildProcess.NetLoop("client", "--connect", $"udp://127.0.0.1:{port}", "--connect-token", File("ana.token"));
        await client.ExpectAsync("connected to ");
        await client.TypeAsync("hello");
        Assert.That(await client.ExpectAsync("hello"), Is.EqualTo("hello"));
        Assert.That((await client.EndAsync()).ExitCode, Is.Zero);

        if (!OperatingSystem.IsWindows())
        {
            Assert.That(System.IO.File.GetUnixFileMode(File("udp.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(System.IO.File.GetUnixFileMode(File("ana.token")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public async Task Token_ForAClientInAnotherLanguage_OpensASession()
    {
        Python.Require("cryptography");
        await ChildProcess.RunNetLoopAsync("token", "--key", File("udp.key"));
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--udp", "127.0.0.1:0", "--udp-key", File("udp.key"));
        int port = await server.ExpectPortAsync("listening on udp 127.0.0.1:");
        await MakeTokenAsync("udp.key", port);

        await using ChildProcess client = Python.UdpClient($"udp://127.0.0.1:{port}", "--connect-token", File("ana.token"), "--divide", "7", "2");
        ProcessResult result = await client.EndAsync();

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Has.Some.EqualTo("divide: 7 / 2 = 3.5"));
    }

    [Test]
    public async Task Key_ThatExists_IsNotReplaced()
    {
        await ChildProcess.RunNetLoopAsync("token", "--key", File("udp.key"));
        string key = await System.IO.File.ReadAllTextAsync(File("udp.key"));

        ProcessResult again = await ChildProcess.RunNetLoopAsync("token", "--key", File("udp.key"), "--json");

        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(again.Output[^1], Does.Contain("\"isNewKey\":false").And.Contain("\"token\":null"));
        Assert.That(await System.IO.File.ReadAllTextAsync(File("udp.key")), Is.EqualTo(key));
    }

    [TestCase("needs both --server HOST:PORT and --out FILE", "token", "--key", "{new}", "--server", "127.0.0.1:7777")]
    [TestCase("needs both --server HOST:PORT and --out FILE", "token", "--key", "{new}", "--out", "{token}")]
    [TestCase("a token has no room for names", "token", "--key", "{key}", "--server", "localhost:7777", "--out", "{token}")]
    [TestCase("nobody can connect to port 0", "token", "--key", "{key}", "--server", "127.0.0.1:0", "--out", "{token}")]
    [TestCase("valid for 1s to 1h", "token", "--key", "{key}", "--server", "127.0.0.1:7777", "--out", "{token}", "--lifetime", "2h")]
    [TestCase("'-1' is not a whole number", "token", "--key", "{key}", "--server", "127.0.0.1:7777", "--out", "{token}", "--client-id", "-1")]
    [TestCase("44 characters", "token", "--key", "{garbage}")]
    [TestCase("44 characters", "server", "--udp", "127.0.0.1:0", "--udp-key", "{garbage}")]
    [TestCase("'netloop token --key FILE' makes one", "server", "--udp", "127.0.0.1:0", "--udp-key", "{missing}")]
    [TestCase("write --udp HOST:PORT too", "server", "--udp-key", "{key}")]
    [TestCase("not a connect token", "client", "--connect", "udp://127.0.0.1:7777", "--connect-token", "{garbage}")]
    [TestCase("write --connect udp://HOST:PORT", "client", "--connect", "tcp://127.0.0.1:7777", "--connect-token", "{garbage}")]
    public async Task Mistake_IsOneLineAndExitCode2(string expected, params string[] arguments)
    {
        await System.IO.File.WriteAllTextAsync(File("garbage"), "not a key");
        await System.IO.File.WriteAllTextAsync(File("key"), ConnectTokenKey.Create().Export());

        ProcessResult result = await ChildProcess.RunNetLoopAsync(
            [.. arguments.Select(argument => argument.StartsWith('{') ? File(argument.Trim('{', '}')) : argument)]);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Errors, Does.StartWith("netloop: ").And.Contain(expected).And.Not.Contain("\n"));
        Assert.That(System.IO.File.Exists(File("new")), Is.False, "nothing is written after a mistake");
        Assert.That(System.IO.File.Exists(File("token")), Is.False, "nothing is written after a mistake");
    }

    private async Task MakeTokenAsync(string key, int port)
    {
        ProcessResult token = await ChildProcess.RunNetLoopAsync(
            "token", "--key", File(key), "--server", $"127.0.0.1:{port}", "--client-id", "7", "--lifetime", "10m", "--out", File("ana.token"));
        Assert.That(token.ExitCode, Is.Zero, token.ToString());
        Assert.That(token.Output, Is.EqualTo(new[] { $"token of client 7: {File("ana.token")}" }));
    }

    private string File(string name) => Path.Combine(_folder, name);
}

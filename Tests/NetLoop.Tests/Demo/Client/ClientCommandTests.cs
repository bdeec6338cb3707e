using NUnit.Framework;

namespace NetLoop.Tests.Demo.Client;

[TestFixture]
[Parallelizable]
public sealed class ClientCommandTests
{
    [Test]
    public async Task Client_TwoPeople_HearEachOther()
    {
        await using ChildProcess server = ChildProcess.NetLoop("server", "--tcp", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        await using ChildProcess ana = ChildProcess.NetLoop("client", "--connect", $"tcp://127.0.0.1:{port}");
        await using ChildProcess bob = ChildProcess.NetLoop("client", "--connect", $"tcp://127.0.0.1:{port}");
        await ana.ExpectAsync("connected to ");
        await bob.ExpectAsync("connected to ");

        await ana.TypeAsync("hello Bob");
        Assert.That(await bob.ExpectAsync("hello"), Is.EqualTo("hello Bob"));
        await bob.TypeAsync("hello Ana");
        Assert.That(await ana.ExpectAsync("hello A"), Is.EqualTo("hello Ana"));

        Assert.That((await ana.EndAsync()).ExitCode, Is.Zero, "the end of the input ends the client");
        Assert.That((await bob.EndAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Client_RichLine_ShowsEmotesAndWhomItSpeaksTo()
    {
        await using ChildProcess server = ChildProcess.NetLoop("echo", "--tcp", "127.0.0.1:0");
        int port = await server.ExpectPortAsync("listening on tcp 127.0.0.1:");
        await using ChildProcess ana = ChildProcess.NetLoop("client", "--connect", $"tcp://127.0.0.1:{port}", "--name", "Ana");
        await using ChildProcess bob = ChildProcess.NetLoop("client", "--connect", $"tcp://127.0.0.1:{port}", "--name", "Bob");
        await ana.ExpectAsync("connected to ");
        await bob.ExpectAsync("connected to ");

        await ana.TypeAsync("hello @Bob :wave:");
        Assert.That(await bob.ExpectAsync("> Ana: "), Is.EqualTo("> Ana: hello @Bob \U0001F44B"));
        Assert.That(await ana.ExpectAsync("Ana: "), Is.EqualTo("Ana: hello @Bob \U0001F44B"));

        Assert.That((await ana.EndAsync()).ExitCode, Is.Zero, "its own line came back");
        Assert.That((await bob.EndAsync()).ExitCode, Is.Zero);
    }
}

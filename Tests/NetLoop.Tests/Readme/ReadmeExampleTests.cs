using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Readme;

/// <summary>The examples of README.md, compiled and run. Change both together.</summary>
public sealed class ReadmeExampleTests
{
    [Test]
    public async Task ThreeLineEchoServer_Echoes()
    {
        await using var server = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0));
        server.On<Shout>((session, in shout) => session.Send(shout));
        server.Start();

        var echo = new TaskCompletionSource<string>();
        await using var client = await NetClient.ConnectAsync(server.Endpoints[0], o =>
            o.Handlers = new HandlerTable().On<Shout>((session, in shout) => echo.SetResult(shout.Text)));
        client.Send(new Shout("hello"));

        Assert.That(await echo.Task.WaitAsync(TestHost.Patience), Is.EqualTo("hello"));
    }

    [Test]
    public async Task HandlerModule_AnswersAndCounts()
    {
        await using var server = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0));
        server.Use(new HallModule(server));
        server.Start();

        await using var client = await NetClient.ConnectAsync(server.Endpoints[0]);
        client.Send(new Shout("hello"));
        Census census = await client.RequestAsync(new CountShouts());

        Assert.That(census, Is.EqualTo(new Census(Sessions: 1, Shouts: 1)));
    }

    [Test]
    public async Task Request_RefusedByTheHandler_ThrowsItsCode()
    {
        await using var server = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0));
        server.OnRequest<CountShouts, Census>((session, in question) => throw new RequestException(1001, "the hall is closed"));
        server.Start();

        await using var client = await NetClient.ConnectAsync(server.Endpoints[0]);
        var error = Assert.ThrowsAsync<RequestException>(() => client.RequestAsync(new CountShouts()));

        Assert.That(error!.Code, Is.EqualTo(1001));
    }

    [Test]
    public async Task LinesServer_AnswersInLines()
    {
        await using var server = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0, l =>
            l.UseRawProtocol(() => DelimitedFramer.Lines(maxLineBytes: 1024), (session, line) => session.SendRaw(line))));
        server.Start();

        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync("127.0.0.1", server.Endpoints[0].Port);
        using var reader = new StreamReader(socket.GetStream());
        await socket.GetStream().WriteAsync("hello\n"u8.ToArray());

        Assert.That(await reader.ReadLineAsync().WaitAsync(TestHost.Patience), Is.EqualTo("hello"));
    }
}

[NetMessage(80)]
public readonly partial record struct Shout([property: Key(0)] string Text);

[NetMessage(81)]
public readonly partial record struct CountShouts : INetRequest<Census>;

[NetContract]
public readonly partial record struct Census([property: Key(0)] int Sessions, [property: Key(1)] int Shouts);

/// <summary>Everybody hears what anybody shouts.</summary>
public sealed class HallModule(NetServer server) : IHandlerModule
{
    private int _shouts;

    public void Register(HandlerTable handlers)
    {
        handlers.On<Shout>((session, in shout) =>
        {
            _shouts++;                       // no lock: handlers share the loop's one thread
            server.Broadcast(shout);
        });
        handlers.OnRequest<CountShouts, Census>((session, in question) => new Census(server.Everyone.Count, _shouts));
        handlers.OnClosed((session, info) => Console.WriteLine($"{session} left: {info}"));
    }
}

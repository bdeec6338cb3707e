using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Lobby;
using NetLoop.Tests.Hosting;
using NUnit.Framework;
using Tag;

namespace NetLoop.Tests.Samples;

/// <summary>The samples in Demo/Samples do what they promise.</summary>
public sealed class SampleTests
{
    private NetServer? _server;

    [TearDown]
    public async Task Stop()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync();
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task Echo_PingIsSent_ComesBack()
    {
        _server = Echo.EchoServer.Create(0);
        _server.Start();
        Channel<Echo.Ping> echoes = Channel.CreateUnbounded<Echo.Ping>();
        await using NetClient client = await NetClient.ConnectAsync(_server.Endpoints[0]);
        client.On<Echo.Ping>((session, ping) => echoes.Writer.TryWrite(ping));
        client.Send(new Echo.Ping(7, "hello"));
        Assert.That(await echoes.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience), Is.EqualTo(new Echo.Ping(7, "hello")));
    }

    [Test]
    public async Task Lines_CommandsByAPlainSocket_AreAnswered()
    {
        _server = new Lines.KeyValueServer().Create(0);
        _server.Start();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _server.Endpoints[0].Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync("SET color deep blue\r\nGET color\nGET size\nDEL color\nGET color\nnonsense\nQUIT\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string answers = await reader.ReadToEndAsync().WaitAsync(TestHost.Patience);
        Assert.That(answers.ReplaceLineEndings("|"), Is.EqualTo("OK|VALUE deep blue|NONE|OK|NONE|ERROR expected SET key value, GET key, DEL key or QUIT|BYE|"));
    }

    [Test]
    public void Lobby_RoomsTalkAndClose_AsTheRulesSay()
    {
        using var sim = new NetSimulation(1);
        NetServer server = sim.Server(o => o.Authenticate = Doorman.AuthenticateAsync, s => LobbyServer.SetUp(s));
        SimulatedClient ana = sim.Client(server, o => o.Token = "Ana:secret"u8.ToArray());
        SimulatedClient bob = sim.Client(server, o => o.Token = "Bob:admin"u8.ToArray());
        Assert.That(sim.Run(ana.RequestAsync(new JoinRoom("red"))).Players, Is.EqualTo(new[] { "Ana" }));
        Assert.That(sim.Run(bob.RequestAsync(new JoinRoom("red"))).Players, Is.EqualTo(new[] { "Ana", "Bob" }));
        ana.Send(new Lobby.Say("hello"));
        sim.AdvanceUntil(() => bob.CountReceived<Said>() == 1);
        Assert.That(bob.Received<Said>(), Is.EqualTo(new[] { new Said("Ana", "hello") }));
        Assert.That(ana.Received<Said>(), Is.EqualTo(new[] { new Said("Bob", "entered"), new Said("Ana", "hello") }));
        Assert.That(sim.Run(ana.RequestAsync(new ListRooms())).Rooms, Is.EqualTo(new[] { new RoomInfo("red", 2) }));

        RequestException error = Assert.Throws<RequestException>(() => sim.Run(ana.RequestAsync(new CloseRoom("red"))))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.Unauthorized));
        error = Assert.Throws<RequestException>(() => sim.Run(bob.RequestAsync(new CloseRoom("blue"))))!;
        Assert.That((error.Code, error.Message), Is.EqualTo((Doorman.RuleBroken, "There is no room blue.")));
        error = Assert.Throws<RequestException>(() => sim.Run(ana.RequestAsync(new JoinRoom(new string('x', 21)))))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.MalformedPayload), "the attribute of the contract is checked before any handler runs");
        Assert.That(sim.Run(bob.RequestAsync(new CloseRoom("red"))), Is.EqualTo(new RoomInfo("red", 2)));
        Assert.That(server.Groups, Is.Empty);
    }

    [Test]
    public void Lobby_WrongSecret_IsRejected()
    {
        using var sim = new NetSimulation(2);
        NetServer server = sim.Server(o => o.Authenticate = Doorman.AuthenticateAsync, s => LobbyServer.SetUp(s));
        NetConnectException error = Assert.Throws<NetConnectException>(() => sim.Client(server, o => o.Token = "Eve:guess"u8.ToArray()))!;
        Assert.That(error.Reason, Is.EqualTo(CloseReason.Unauthorized));
    }

    [Test]
    public async Task Lobby_ClientIsLost_EntersItsRoomAgain()
    {
        _server = LobbyServer.Create(0);
        _server.Start();
        var output = new ConcurrentText();
        await using LobbyClient client = await LobbyClient.ConnectAsync(_server.Endpoints[0].ToUri(), "Ana:secret", "red", output);
        Assert.That((await client.ListRoomsAsync()).Rooms, Is.EqualTo(new[] { new RoomInfo("red", 1) }));
        _server.Sessions.Single().Close(CloseReason.ServerStopping, "a test");
        while (output.Count("in red: Ana") < 2)
        {
            await Task.Yield();
        }

        Assert.That(output.ToString(), Does.Contain("lost (ServerStopping: a test), trying again"));
    }

    [Test]
    public void Tag_ItComesClose_TagsTheOther([Values(0, 0.2)] double loss)
    {
        using var sim = new NetSimulation(3) { Link = LinkConditions.Lossy(loss, TimeSpan.FromMilliseconds(40)) };
        NetServer server = sim.Server(o => o.TickRate = 20, s => s.Use(new TagModule(s)));
        SimulatedClient chaser = sim.Client(server);
        SimulatedClient runner = sim.Client(server);
        sim.AdvanceUntil(() => runner.CountReceived<Field>() > 0);
        Field first = runner.Received<Field>()[0];
        Assert.That(first.It, Is.EqualTo(chaser.Session.Id), "the first player begins");
        Assert.That(first.Runners.Select(one => one.Position), Is.EqualTo(new[] { 0.0, TagModule.Length }), "newcomers start far away");

        chaser.Send(new Run(TagModule.MaxSpeed));
        sim.AdvanceUntil(() => runner.Received<Field>()[^1].It == runner.Session.Id, TimeSpan.FromMinutes(1));
        Assert.That(sim.Now, Is.GreaterThan(TimeSpan.FromSeconds(9)), "nobody runs faster than is allowed");

        runner.Crash();
        sim.AdvanceUntil(() => chaser.Received<Field>()[^1] is { Runners.Length: 1 } field && field.It == chaser.Session.Id, TimeSpan.FromMinutes(2));
    }

    [Test]
    public void Tag_PlayerWantsToRunTooFast_IsDisconnected()
    {
        using var sim = new NetSimulation(4);
        NetServer server = sim.Server(setUp: s => s.Use(new TagModule(s)));
        SimulatedClient cheat = sim.Client(server);
        cheat.Send(new Run(TagModule.MaxSpeed + 1));
        sim.AdvanceUntil(() => cheat.Closed is not null);
        Assert.That(cheat.Closed!.Value.Reason, Is.EqualTo(CloseReason.Malformed));
    }

    /// <summary>The output of a client, from any thread.</summary>
    private sealed class ConcurrentText : TextWriter
    {
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            lock (_text)
            {
                _text.Append(value).Append('\n');
            }
        }

        public int Count(string text) => ToString().Split(text).Length - 1;

        public override string ToString()
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }
}

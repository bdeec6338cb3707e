using System.Threading.Channels;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Foreign;

/// <summary>Types that are not contracts, sent between a server and a client over real sockets as if they were.</summary>
public sealed class ForeignMessageTests
{
    private NetServer _server = null!;
    private NetClient _client = null!;
    private Channel<object> _received = null!;

    [SetUp]
    public async Task Connect()
    {
        _received = Channel.CreateUnbounded<object>();
        _server = TestHost.CreateServer(o =>
        {
            o.ListenTcp("127.0.0.1", 0);
            ForeignNumbers.AddAll(o.Messages);
        });
        Register(_server);
        _server.Start();
        _client = await TestHost.ConnectAsync(_server, o =>
        {
            ForeignNumbers.AddAll(o.Messages);
            o.Handlers = new HandlerTable();
            o.Handlers.On<Dictionary<string, List<int>>>((session, in message) => _received.Writer.TryWrite(message));
            o.Handlers.On<Workshop>((session, in message) => _received.Writer.TryWrite(message));
            o.Handlers.On<(int, string)>((session, in message) => _received.Writer.TryWrite(message));
            o.Handlers.On<Rung>(async (session, message) =>
            {
                await Task.Yield();
                _received.Writer.TryWrite(message);
            });
        });
    }

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await TestHost.StopAndCheckAsync(_server);
    }

    [Test]
    public async Task Send_Dictionary_ComesBackAsItself()
    {
        Dictionary<string, List<int>> sent = new() { ["a"] = [1, 2], ["b"] = [] };

        Assert.That(_client.Send(sent), Is.EqualTo(SendStatus.Sent));

        var echoed = (Dictionary<string, List<int>>)await Next();
        Assert.That(echoed["a"], Is.EqualTo(sent["a"]));
        Assert.That(echoed["b"], Is.Empty);
    }

    [Test]
    public async Task Send_ClassOfOddMembers_ComesBack()
    {
        _client.Send(
            new Workshop { Grid = new[,] { { 1, 2 }, { 3, 4 } }, Notes = { ["x"] = 5, ["y"] = "six" }, Flags = new([true, false, true]), Next = new() });

        var echoed = (Workshop)await Next();
        Assert.That(echoed.Grid, Is.EqualTo(new[,] { { 1, 2 }, { 3, 4 } }));
        Assert.That(echoed.Notes["y"], Is.EqualTo("six"));
        Assert.That(echoed.Flags.Cast<bool>(), Is.EqualTo(new[] { true, false, true }));
        Assert.That(echoed.Next, Is.Not.Null);
    }

    [Test]
    public async Task Send_WithOptionsAndAsyncHandlers_UsesTheResolver()
    {
        _client.Send(new Rung(7, "oak"));

        Assert.That(await Next(), Is.EqualTo(new Rung(7, "oak")));
    }

    [Test]
    public async Task Broadcast_ToEveryoneAndToAGroup_Arrives()
    {
        Assert.That(_server.Broadcast((1, "all")), Is.EqualTo(SendStatus.Sent));
        Assert.That(await Next(), Is.EqualTo((1, "all")));

        SessionGroup room = _server.CreateGroup();
        _server.Post(() =>
        {
            foreach (Session session in _server.Everyone)
            {
                room.Add(session);
            }

            room.Broadcast((2, "room"));
        });
        Assert.That(await Next(), Is.EqualTo((2, "room")));
    }

    [Test]
    public async Task RequestAsync_ForeignAndContractsInEveryMixture_Answers()
    {
        Assert.That(
            await _client.RequestAsync<int[,], SortedDictionary<int, string>>(new[,] { { 4, 9 } }).WaitAsync(TestHost.Patience),
            Is.EqualTo(new SortedDictionary<int, string> { [4] = "9" }));
        Assert.That((await _client.RequestAsync<Say, SortedDictionary<int, string>>(new Say("exact")).WaitAsync(TestHost.Patience))[3], Is.EqualTo("exact"));
        Assert.That((await _client.RequestAsync<Rung, Quotient>(new Rung(8, "elm")).WaitAsync(TestHost.Patience)).Value, Is.EqualTo(4));
        Assert.That(
            (await _client.RequestAsync<Numbered, Quotient>(new Numbered(5, [])).WaitAsync(TestHost.Patience)).Value,
            Is.EqualTo(5),
            "contracts alone take the engine's own way");
    }

    [Test]
    public void RequestAsync_HandlerThrowsRequestError_ReachesTheCaller()
    {
        RequestException? error = Assert.ThrowsAsync<RequestException>(
            () => _client.RequestAsync<Rung, Quotient>(new Rung(0, "")).WaitAsync(TestHost.Patience));
        Assert.That(error!.Code, Is.EqualTo(1000));
    }

    [Test]
    public async Task Send_FormatterThrows_ThrowsAndSendsNothing()
    {
        Exception? failure = Assert.Throws<global::MessagePack.MessagePackSerializationException>(() => _client.Send(new Rung(-1, "")));
        Assert.That(failure!.InnerException!.Message, Does.Contain("a rung has no negative length"));
        Assert.ThrowsAsync<global::MessagePack.MessagePackSerializationException>(() => _client.RequestAsync<Rung, Quotient>(new Rung(-1, "")));
        Assert.Throws<ArgumentNullException>(() => _client.Send<Workshop>(null!));

        _client.Send(new Rung(1, "still open"));
        Assert.That(await Next(), Is.EqualTo(new Rung(1, "still open")), "and nothing came before it");
    }

    [Test]
    public async Task Receive_BytesThatTheFormatterRefuses_ClosesTheSessionAsMalformed()
    {
        byte[] body = [0x93, 2, 0xCC, 202, 0xA3, (byte)'o', (byte)'a', (byte)'k']; // no number before the colon

        _client.Session.SendRaw(body);

        CloseInfo info = await _client.Closed.WaitAsync(TestHost.Patience);
        Assert.That(info.Reason, Is.EqualTo(CloseReason.Malformed));
        Assert.That(_server.GetStatistics().HandlerFaults, Is.Zero, "it is the peer's mistake, and no fault of a handler");
    }

    private static void Register(NetServer server)
    {
        server.On<Dictionary<string, List<int>>>((session, in message) => session.Send(message));
        server.On<Workshop>((session, in message) => session.Send(message), new OffloadOptions());
        server.On<Rung>(async (session, message) =>
        {
            await Task.Yield();
            session.Send(message);
        });
        server.OnRequest<int[,], SortedDictionary<int, string>>((session, in grid) => new() { [grid[0, 0]] = $"{grid[0, 1]}" });
        server.OnRequest<Say, SortedDictionary<int, string>>(async (session, say) =>
        {
            await Task.Yield();
            return new() { [3] = say.Text };
        });
        server.OnRequest<Rung, Quotient>((session, in rung) => rung.Length == 0 ? throw new RequestException(1000, "no rung") : new Quotient(rung.Length / 2));
        server.OnRequest<Numbered, Quotient>((session, in numbered) => new Quotient(numbered.Number));
    }

    private async Task<object> Next() => await _received.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience);
}

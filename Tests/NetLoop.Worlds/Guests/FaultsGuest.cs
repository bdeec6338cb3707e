namespace NetLoop.Worlds.Guests;

/// <summary>
/// Messages whose handlers throw. Under one policy the session continues and every message is handled; under the other it ends, and no later message is
/// handled.
/// </summary>
internal sealed class FaultsGuest(World world, SeededRandom random) : Guest(world, random)
{
    private const int Messages = 60;
    private const int Clients = 4;

    private readonly HandlerTable _handlers = new();
    private readonly Dictionary<ulong, List<int>> _handled = [];
    private readonly Dictionary<ulong, CloseInfo> _ends = [];
    private readonly bool _goesOn = random.Chance(0.5);

    public override void Configure(NetServerOptions o) => o.Listen(Listener(0), ConfigureListener);

    public override void Register(NetServer server)
    {
        server.Handlers.FaultPolicy = _goesOn ? HandlerFaultPolicy.Continue : HandlerFaultPolicy.CloseSession;
        server.On<Risk>((session, in risk) => Handle(session, risk.Number, risk.Throws));
        server.On<LateRisk>(async (session, risk) =>
        {
            await Task.Yield();
            Handle(session, risk.Number, risk.Throws);
        });
    }

    public override void OnOpened(Session session) => _handled.Add(session.Id, []);

    public override void OnClosed(Session session, CloseInfo info) => Require(_ends.TryAdd(session.Id, info), $"session {session.Id} closes twice");

    protected override void Play()
    {
        for (int i = 0; i < Clients; i++)
        {
            bool isLate = i == 0;
            Play(() => RunAsync(isLate));
        }
    }

    private async Task RunAsync(bool isLate)
    {
        NetClient client = Hosts.Clients.Dial(Listener(0), _handlers);
        await client.Opened.ConfigureAwait(true);
        ulong id = client.Session.Id;
        Require(await UntilAsync(() => _handled.ContainsKey(id)).ConfigureAwait(true), $"session {id} is open at its client only");
        bool[] throws = new bool[Messages];
        int first = Messages;
        for (int i = 0; i < Messages; i++)
        {
            throws[i] = Random.Chance(0.05);
            first = throws[i] ? Math.Min(first, i) : first;
            _ = isLate ? client.Send(new LateRisk(i, throws[i])) : client.Send(new Risk(i, throws[i]));
            if (Random.Chance(0.1))
            {
                await PauseAsync(Random.Next(30)).ConfigureAwait(true);
            }
        }

        bool mustEnd = !_goesOn && first < Messages;
        int expected = mustEnd ? first + 1 : Messages;
        if (mustEnd)
        {
            CloseInfo told = await client.Closed.ConfigureAwait(true);
            Require(told is { Reason: CloseReason.HandlerFault, ByPeer: true }, $"after a fault the client is told {told}");
            Require(
                await UntilAsync(() => _ends.ContainsKey(id)).ConfigureAwait(true) && _ends[id].Reason == CloseReason.HandlerFault,
                $"after a fault the server says {_ends.GetValueOrDefault(id)}");
        }
        else
        {
            Require(await UntilAsync(() => _handled[id].Count == Messages).ConfigureAwait(true), $"{_handled[id].Count} of {Messages} messages are handled");
            Require(!_ends.ContainsKey(id), $"the session ended: {_ends.GetValueOrDefault(id)}");
            client.Session.Close();
            await client.Closed.ConfigureAwait(true);
        }

        // Asynchronous handlers may have begun before the one that throws.
        IEnumerable<int> order = Enumerable.Range(0, expected);
        bool fits = isLate ? _handled[id].Count >= expected && _handled[id].Take(expected).SequenceEqual(order) : _handled[id].SequenceEqual(order);
        Require(fits, $"{string.Join(',', _handled[id])} are handled, the first that throws is {first}, and the session goes on: {_goesOn}");
    }

    private void Handle(Session session, int number, bool throws)
    {
        _handled[session.Id].Add(number);
        if (throws)
        {
            World.Server.CountHandlerFault();
            throw new InvalidOperationException("as asked");
        }
    }
}

/// <summary>A message whose handler may throw.</summary>
[NetMessage(1050)]
internal readonly partial record struct Risk([property: Key(0)] int Number, [property: Key(1)] bool Throws);

/// <summary>A message whose handler may throw after it returned.</summary>
[NetMessage(1051)]
internal readonly partial record struct LateRisk([property: Key(0)] int Number, [property: Key(1)] bool Throws);

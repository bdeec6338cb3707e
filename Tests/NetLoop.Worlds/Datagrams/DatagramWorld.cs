using System.Buffers.Binary;
using NetLoop.Buffers;
using NetLoop.Transports.Datagrams.Netcode;
using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Worlds;

/// <summary>A world below sessions: netcode and reliable links over simulated UDP sockets, with adversaries that hear and forge everything.</summary>
internal sealed class DatagramWorld : IDisposable
{
    public const ulong ProtocolId = 0x4E65_744C_6F6F_7001;

    private const ulong ClientStreams = 82_000;
    private const ulong AdversaryStreams = 83_000;
    private const ulong ServerStream = 84;
    private const ulong AddressStream = 85;
    private const long Second = 1_000_000_000;
    private const long Epoch = 1_900_000_000;
    private const long Look = Second / 20;
    private const long CalmTime = 3 * Second;
    private const double CalmRate = 0.05;
    private const int TokenSeconds = 30;

    private readonly WorldOptions _options;
    private readonly string _configuration;
    private readonly Dictionary<long, Conversation> _conversations = [];
    private readonly List<DatagramClient> _clients = [];
    private readonly List<DatagramAdversary> _adversaries = [];
    private readonly SeededRandom _addressRandom;
    private readonly List<ulong> _checkpoints = [];
    private readonly DatagramServer _server;
    private Violation? _violation;
    private WorldPhase _phase = WorldPhase.WarmUp;
    private long _nextAddressChange;
    private long _sessions;
    private long _messages;

    private DatagramWorld(WorldOptions options)
    {
        _options = options;
        Network = new SimulatedNetwork(options.Seed);
        if (options.Trace is not null)
        {
            Network.Trace.WriteTo(options.Trace);
        }

        Settings = DatagramSettings.Draw(options, Network.Faults);
        _configuration = Settings.Describe(options, Network.Faults);
        LinkOptions = new LinkOptions { MaxHeldBytes = Settings.MaxHeldBytes, LongestPayloadBytes = Settings.LongestPayloadBytes };
        Network.Link = Settings.Link;
        Network.OnSent = OnSent;
        _addressRandom = SeededRandom.For(options.Seed, AddressStream);
        Key = new byte[Sodium.KeyBytes];
        new SeededEntropy(SeededRandom.For(options.Seed, ServerStream)).Fill(Key);
        SimulatedHost host = Network.AddHost("server");
        ServerEndpoint = host.Address.WithPort(DatagramServer.Port).AsUdp();
        _server = new DatagramServer(this, host, SeededRandom.For(options.Seed, ServerStream));
        for (int i = 0; i < Settings.Clients; i++)
        {
            _clients.Add(new DatagramClient(this, Network.AddHost($"client{i}"), SeededRandom.For(options.Seed, ClientStreams + (ulong)i), (ulong)i + 1));
        }

        for (int i = 0; i < Settings.Adversaries; i++)
        {
            _adversaries.Add(new DatagramAdversary(this, Network.AddHost($"adversary{i}"), SeededRandom.For(options.Seed, AdversaryStreams + (ulong)i)));
        }
    }

    public SimulatedNetwork Network { get; }

    public DatagramSettings Settings { get; }

    public BufferPool Pool { get; } = new(new BufferPoolOptions());

    public LinkOptions LinkOptions { get; }

    /// <summary>The key of tokens.</summary>
    public byte[] Key { get; }

    public NetEndpoint ServerEndpoint { get; }

    public long UnixSeconds => Epoch + (Network.Events.Now / Second);

    /// <summary>Number of looks of all nodes.</summary>
    public long Pumps { get; set; }

    /// <summary>Whether things go wrong.</summary>
    public bool IsRestless => _phase == WorldPhase.Safety;

    /// <summary>Whether clients and server send new messages.</summary>
    public bool IsWorking => _phase <= WorldPhase.Calm && _phase != WorldPhase.Quiet;

    /// <summary>The share of the drawn rate that is sent.</summary>
    public double Rate => IsRestless ? 1 : CalmRate;

    public static string Describe(WorldOptions options)
    {
        var faults = new FaultPlan(options.Seed);
        return DatagramSettings.Draw(options, faults).Describe(options, faults);
    }

    public static WorldResult Run(WorldOptions options)
    {
        Sodium.Load();
        using var world = new DatagramWorld(options);
        try
        {
            world.RunPhases();
        }
        catch (InvariantViolationException broken)
        {
            world.Fail("I0", $"an invariant of the engine or of the simulated system: {broken.Message}");
        }
#pragma warning disable CA1031 // Any exception here would have ended a server.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            world.Fail("I0", $"{exception.GetType().Name}: {exception.Message}");
        }

        return world.Result();
    }

    /// <summary>Reports a violation if a fact does not hold; the first one ends the run.</summary>
    public void Require(bool holds, string invariant, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument(nameof(holds))] ref RequireText text)
    {
        if (!holds)
        {
            Fail(invariant, text.Take());
        }
    }

    public void Fail(string invariant, string text) => _violation ??= new Violation(invariant, text, Network.Events.Now, Pumps, _phase);

    public Conversation? Find(long number) => _conversations.GetValueOrDefault(number);

    public Conversation NewConversation(DatagramClient client)
    {
        var conversation = new Conversation { Number = _conversations.Count + 1, Client = client };
        _conversations.Add(conversation.Number, conversation);
        return conversation;
    }

    /// <summary>A connect token, as a backend makes it.</summary>
    public byte[] NewToken(ulong clientId, long conversation, SeededRandom random)
    {
        byte[] token = new byte[ConnectTokenFormat.PublicBytes];
        byte[] drawn = new byte[Sodium.LongNonceBytes + (2 * Sodium.KeyBytes)];
        new SeededEntropy(random).Fill(drawn);
        byte[] userData = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(userData, conversation);
        DatagramAddress[] servers = [DatagramAddress.From(ServerEndpoint)];
        var content = new PublicToken(
            ProtocolId,
            (ulong)UnixSeconds,
            (ulong)UnixSeconds + TokenSeconds,
            drawn.AsSpan(0, Sodium.LongNonceBytes),
            Settings.TimeoutSeconds,
            servers,
            drawn.AsSpan(Sodium.LongNonceBytes, Sodium.KeyBytes),
            drawn.AsSpan(Sodium.LongNonceBytes + Sodium.KeyBytes));
        ConnectTokenFormat.Write(token, content, userData, clientId, Key);
        return token;
    }

    public void CountSession() => _sessions++;

    public void CountMessage(bool isToServer, long number)
    {
        _messages++;
        Network.Trace.Event(TraceCode.Message, isToServer ? 1 : 0, number, 0);
    }

    public void Dispose() => Network.Dispose();

    private void RunPhases()
    {
        RunFor(Second);
        _phase = WorldPhase.Safety;
        Network.Faults.IsActive = true;
        _nextAddressChange = Network.Events.Now;
        RunFor(Settings.Safety);

        _phase = WorldPhase.Liveness;
        Network.Faults.IsActive = false;
        Network.LoseNothing();
        AwaitClients();

        // What was lost before may end a connection once more; afterwards nobody may be lost.
        RunFor((Settings.TimeoutSeconds + 10) * Second);
        AwaitClients();
        _phase = WorldPhase.Calm;
        int losses = _clients.Sum(static client => client.Losses);
        RunFor(CalmTime);
        int lost = _clients.Sum(static client => client.Losses) - losses;
        Require(lost == 0 && _clients.TrueForAll(static client => client.IsConnected), "I33", $"{lost} clients lost their connection while nothing went wrong");

        _phase = WorldPhase.Quiet;
        RunUntil(
            () => _clients.TrueForAll(static client => client.Conversation!.IsComplete),
            "I21",
            () => string.Join("; ", _clients.Select(static client => client.Conversation)));

        _phase = WorldPhase.Drain;
        foreach (DatagramClient client in _clients)
        {
            client.Leave();
            client.IsAway = true;
        }

        RunUntil(() => _server.Count == 0, "I4", () => $"{_server.Count} peers stay on the server");
        Require(Pool.Statistics.RentedLeases == 0, "I4", $"{Pool.Statistics.RentedLeases} leases of {Pool.Statistics.RentedBytes} bytes are left");
        _phase = WorldPhase.Done;
    }

    private void AwaitClients() => RunUntil(
        () => _clients.TrueForAll(static client => client.IsConnected),
        "I21",
        () => $"{_clients.Count(static client => !client.IsConnected)} clients are not connected");

    private void RunUntil(Func<bool> isSo, string invariant, Func<string> describe)
    {
        long until = Network.Events.Now + DatagramSettings.Liveness;
        while (_violation is null && !isSo() && !_options.Cancellation.IsCancellationRequested)
        {
            if (Network.Events.Now >= until)
            {
                Fail(invariant, describe());
                return;
            }

            RunFor(Look);
        }
    }

    private void RunFor(long time)
    {
        long until = Network.Events.Now + time;
        while (_violation is null && !_options.Cancellation.IsCancellationRequested && Network.Events.FireNext(until))
        {
            while (Network.Trace.Count >= (_checkpoints.Count + 1L) * World.CheckpointEvents)
            {
                _checkpoints.Add(Network.Trace.Hash);
            }

            if (IsRestless && Settings.AddressChangeInterval > 0 && Network.Events.Now >= _nextAddressChange)
            {
                ChangeAnAddress();
            }
        }
    }

    private void ChangeAnAddress()
    {
        _nextAddressChange = Network.Events.Now + _addressRandom.Between(1L, 2 * Settings.AddressChangeInterval);
        DatagramClient client = _clients[_addressRandom.Next(_clients.Count)];
        bool changesHost = _addressRandom.Chance(0.3);
        if (Network.Faults.Hits(FaultClass.AddressChanged))
        {
            Network.TranslationOf(client.Host).Rebind(changesHost);
        }
    }

    private void OnSent(SimulatedDatagram datagram)
    {
        foreach (DatagramClient client in _clients)
        {
            if (client.Host == datagram.Origin)
            {
                client.Conversation?.Addresses.Add(datagram.From);
            }
        }

        foreach (DatagramAdversary adversary in _adversaries)
        {
            adversary.Hear(datagram);
        }
    }

    private WorldResult Result() => new()
    {
        Options = _options,
        Configuration = _configuration,
        Violation = _violation,
        IsPartial = _violation is null && _phase != WorldPhase.Done,
        Hash = Network.Trace.Hash,
        Events = Network.Trace.Count,
        VirtualTime = Network.Events.Now,
        Ticks = Pumps,
        Sessions = _sessions,
        Messages = _messages,
        Fired = Network.Faults.Fired.ToArray(),
        Checkpoints = _checkpoints,
    };
}

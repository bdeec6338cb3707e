using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using NetLoop.Benchmarks.EndToEnd.Datagrams;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary><c>serve</c>: the servers that the other commands start in separate processes.</summary>
internal static class ServeCommand
{
    /// <summary>Broadcasts to sessions.</summary>
    public const string Broadcast = "broadcast";

    /// <summary>Receives broadcasts.</summary>
    public const string Drain = "drain";

    /// <summary>Connects with TLS again and again.</summary>
    public const string Handshakes = "handshakes";

    /// <summary>Echoes messages over UDP.</summary>
    public const string Datagrams = "datagrams";

    /// <summary>Loads such a server.</summary>
    public const string DatagramLoad = "datagram-load";

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var command = new Command("serve", "Run one of the servers that the other commands measure");
        var saea = new Command(ServerKind.Saea, "An echo with SocketAsyncEventArgs");
        saea.SetAction((_, _) => SaeaEcho.RunAsync());
        var kestrel = new Command(ServerKind.Kestrel, "An echo as a connection handler of Kestrel");
        var certificates = new CertificateOptions(kestrel, "Encrypt connections by TLS");
        kestrel.SetAction((parsed, _) => KestrelEcho.RunAsync(certificates.Read(parsed)?.Load(out X509Certificate2Collection _)));

        Option<int> sessions = OptionFactory.Integer("--sessions", "How many sessions", 1_000, min: 1, max: 60_000);
        Option<int> tickRate = OptionFactory.Integer("--tick-rate", "Steps a second", 60, min: 1, max: 1_000);
        Option<int> milliseconds = OptionFactory.Integer("--milliseconds", "How long to measure", 4_000, min: 100, max: 600_000);
        var broadcast = new Command(Broadcast, "The engine, sending a snapshot to all sessions each tick") { sessions, tickRate, milliseconds };
        broadcast.SetAction(
            (parsed, _) =>
                BroadcastServer.RunAsync(parsed.GetValue(sessions), parsed.GetValue(tickRate), TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds))));

        Option<int> port = OptionFactory.RequiredInteger("--port", "Where to connect", min: 1, max: 65_535);
        var drain = new Command(Drain, "Connections that read and discard") { port, sessions };
        drain.SetAction(parsed => EndToEnd.Drain.Run(parsed.GetValue(port), parsed.GetValue(sessions)));

        Option<int> process = OptionFactory.RequiredInteger("--pid", "The server's process", min: 1, max: int.MaxValue);
        Option<int> clients = OptionFactory.Integer("--clients", "How many clients connect at the same time", 16, min: 1, max: 1_000);
        Option<int> warmUp = OptionFactory.Integer("--warm-up", "Milliseconds of load before the measurement", 500, min: 0, max: 60_000);
        var handshakes = new Command(Handshakes, "Clients that connect with TLS again and again") { port, process, clients, warmUp, milliseconds };
        handshakes.SetAction((parsed, _) => HandshakeLoad.RunAsync(
            parsed.GetValue(port),
            parsed.GetValue(process),
            parsed.GetValue(clients),
            TimeSpan.FromMilliseconds(parsed.GetValue(warmUp)),
            TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds))));

        Option<DatagramPeer> peer = OptionFactory.Word(
            "--peer", "The library", [.. Enum.GetValues<DatagramPeer>().Select(peer => ($"{peer}", peer))]);
        Option<int> inFlight = OptionFactory.Integer("--in-flight", "Messages that each client has under way", 32, min: 1, max: 1_000);
        Option<Delivery> delivery = OptionFactory.Word(
            "--delivery", "How messages are sent", ("reliable", Delivery.ReliableOrdered), ("unreliable", Delivery.Unreliable));
        var datagrams = new Command(Datagrams, "An echo over UDP") { peer };
        datagrams.SetAction((parsed, _) => DatagramEcho.RunAsync(parsed.GetValue(peer)));
        var datagramLoad = new Command(DatagramLoad, "Clients that load an echo over UDP")
        {
            peer, port, process, clients, inFlight, delivery, warmUp, milliseconds,
        };
        datagramLoad.SetAction((parsed, _) => EndToEnd.Datagrams.DatagramLoad.RunAsync(
            parsed.GetValue(peer),
            parsed.GetValue(port),
            parsed.GetValue(process),
            new DatagramCase(parsed.GetValue(clients), parsed.GetValue(inFlight), parsed.GetValue(delivery) == Delivery.ReliableOrdered),
            TimeSpan.FromMilliseconds(parsed.GetValue(warmUp)),
            TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds))));
        foreach (Command part in (Command[])[saea, kestrel, broadcast, drain, handshakes, datagrams, datagramLoad])
        {
            command.Subcommands.Add(part);
        }

        return command;
    }
}

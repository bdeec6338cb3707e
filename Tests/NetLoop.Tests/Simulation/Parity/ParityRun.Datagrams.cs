using System.Globalization;

namespace NetLoop.Tests.Simulation.Parity;

/// <content>Steps of datagram sockets.</content>
/// <remarks>
/// <code>
/// bind B [ADDRESS] [port M] [near] [buffer N]   dial C B [whole] | C ADDRESS port B [whole]
/// put C N,N,... [to B [at ADDRESS]]   take B [room N]   dropped B
/// </code>
/// A socket is bound on the far host, or on the near one, from which others dial. A take reads until nothing is left, or until an error.
/// </remarks>
internal sealed partial class ParityRun
{
    private readonly IncomingDatagram[] _datagrams = new IncomingDatagram[64];
    private readonly byte[] _datagramBytes = GC.AllocateUninitializedArray<byte>(4 << 20, pinned: true);
    private readonly Dictionary<int, string> _names = [];

    private string Bind(string[] words)
    {
        ParityHost host = words.Contains("near") ? _arm.Near : _arm.Far;
        string address = words.Length > 2 && words[2].AsSpan().IndexOfAny('.', ':') >= 0 ? words[2] : "127.0.0.1";
        NetEndpoint endpoint = NetEndpoint.Udp(address, ValueOf(words, "port") is { } of ? _endpoints[of].Port : 0);
        int buffer = ValueOf(words, "buffer") is { } bytes ? Number(bytes) : 0;
        return OpenDatagram(words[1], host, endpoint, isConnected: false, new DatagramSocketOptions(buffer, 0, false));
    }

    private string Dial(string[] words)
    {
        NetEndpoint remote = ValueOf(words, "port") is { } of ? NetEndpoint.Udp(words[2], _endpoints[of].Port) : _endpoints[words[2]];
        return OpenDatagram(words[1], _arm.Near, remote, isConnected: true, new DatagramSocketOptions(0, 0, words.Contains("whole")));
    }

    private string OpenDatagram(string name, ParityHost host, NetEndpoint endpoint, bool isConnected, DatagramSocketOptions options)
    {
        SocketStatus status = host.Stack.OpenDatagram(endpoint, isConnected, options, out SocketHandle socket, out NetEndpoint local);
        if (status == SocketStatus.Ok)
        {
            _endpoints[name] = local;
            _names[local.Port] = name;
            Open(name, host, socket);
        }

        string wrong = status == SocketStatus.Ok
            ? local.Port == 0 ? " without a port" : ""
            : socket == SocketHandle.None ? "" : ", a socket";
        return $"{status}{wrong}";
    }

    /// <summary>Sends all datagrams; one with an error of its own is left out.</summary>
    private string Put(ParitySocket socket, string[] words)
    {
        DatagramAddress to = default;
        if (ValueOf(words, "to") is { } name)
        {
            NetEndpoint endpoint = _endpoints[name];
            to = DatagramAddress.From(ValueOf(words, "at") is { } address ? NetEndpoint.Udp(address, endpoint.Port) : endpoint);
        }

        // The content depends on the length only, so that it can be checked without knowing the order.
        OutgoingDatagram[] all = Sizes(words[2]).Select(size => new OutgoingDatagram(new SendSegment(Pattern.AsSpan(size % Period, size)), to)).ToArray();
        List<string> outcomes = [];
        int sent = 0;
        for (int next = 0; next < all.Length;)
        {
            SocketResult result = socket.Host.Stack.SendDatagrams(socket.Handle, all.AsSpan(next));
            if (result.Status == SocketStatus.Ok)
            {
                sent += result.Count;
                next += result.Count;
            }
            else
            {
                outcomes.Add($"{result.Status} at {next}");
                next = result.Status == SocketStatus.WouldBlock ? all.Length : next + 1;
            }
        }

        return $"{sent} sent{string.Concat(outcomes.Select(outcome => ", " + outcome))}";
    }

    private string Take(ParitySocket socket, string[] words)
    {
        bool isOne = ValueOf(words, "room") is not null;
        Span<byte> buffer = isOne ? _datagramBytes.AsSpan(0, Number(ValueOf(words, "room")!)) : _datagramBytes;
        List<string> taken = [];
        Span<IncomingDatagram> room = isOne ? _datagrams.AsSpan(0, 1) : _datagrams;
        SocketResult result;
        while ((result = socket.Host.Stack.ReceiveDatagrams(socket.Handle, buffer, room)).Status == SocketStatus.Ok)
        {
            foreach (IncomingDatagram datagram in _datagrams.AsSpan(0, result.Count))
            {
                taken.Add(Describe(datagram));
            }
        }

        // Many of the same kind are counted.
        IEnumerable<string> groups = taken.CountBy(text => text).Select(group => group.Value > 2 ? $"{group.Value} times {group.Key}" : group.Key);
        string all = taken.Count > 8 ? string.Join(", ", groups) : string.Join(", ", taken);
        return all + (result.Status == SocketStatus.WouldBlock && taken.Count > 0 ? "" : $"{(taken.Count > 0 ? ", " : "")}{result.Status}");
    }

    private string Describe(in IncomingDatagram datagram)
    {
        string from = _names.GetValueOrDefault(datagram.From.Port, "somebody");
        string family = datagram.From.IsIPv4 ? "" : " over IPv6";
        if (datagram.IsTruncated)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{datagram.Length} cut from {from}{family}");
        }

        ReadOnlySpan<byte> content = _datagramBytes.AsSpan(datagram.Start, datagram.Length);
        bool isRight = content.SequenceEqual(Pattern.AsSpan(datagram.Length % Period, datagram.Length));
        return string.Create(CultureInfo.InvariantCulture, $"{datagram.Length} from {from}{family}{(isRight ? "" : " with wrong bytes")}");
    }
}

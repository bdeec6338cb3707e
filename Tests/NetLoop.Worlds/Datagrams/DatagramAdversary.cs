using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Worlds;

/// <summary>A host that hears everything on the wire and sends what it likes, from any address. It does not know the keys.</summary>
internal sealed class DatagramAdversary : DatagramNode
{
    private const int Remembered = 256;
    private const ulong FirstId = 1_000_000;
    private const double AttacksPerPump = 0.3;
    private const double FastAttacks = 0.3;

    private readonly List<(DatagramAddress From, DatagramAddress To, byte[] Bytes)> _heard = [];
    private readonly DatagramAddress _own;

    // The handshake that it heard last.
    private byte[]? _request;
    private byte[]? _response;

    public DatagramAdversary(DatagramWorld world, SimulatedHost host, SeededRandom random)
        : base(world, host, random)
    {
        host.Stack.OpenDatagram(NetEndpoint.Udp("0.0.0.0", 0), false, default, out SocketHandle socket, out NetEndpoint local);
        Socket = socket;
        _own = new DatagramAddress(host.Address.Address, (ushort)local.Port);
    }

    /// <summary>A datagram leaves another host.</summary>
    public void Hear(SimulatedDatagram datagram)
    {
        if (datagram.Origin != Host)
        {
            (DatagramAddress, DatagramAddress, byte[] Bytes) heard = (datagram.From, datagram.To, datagram.Bytes.ToArray());
            Note(heard.Bytes);
            if (_heard.Count < Remembered)
            {
                _heard.Add(heard);
            }
            else
            {
                _heard[Random.Next(Remembered)] = heard;
            }
        }
    }

    protected override void Pump()
    {
        Drain();
        for (int count = World.IsRestless ? Random.CountOf(AttacksPerPump) : 0; count > 0 && _heard.Count > 0; count--)
        {
            Attack(_heard[Random.Next(_heard.Count)]);
        }
    }

    /// <summary>A token that was sniffed: it may be faster than its owner.</summary>
    private void Note(byte[] packet)
    {
        if (packet.Length == NetcodePacket.RequestBytes && packet[0] == (byte)NetcodePacketType.Request)
        {
            _request = packet;
            _response = null;
            if (World.IsRestless && Random.Chance(FastAttacks))
            {
                Send(DatagramAddress.From(World.ServerEndpoint), packet);
            }
        }
        else if (packet.Length > 0 && (packet[0] & 0xF) == (byte)NetcodePacketType.Response)
        {
            _response = packet;
        }
    }

    protected override void OnDatagram(in DatagramAddress from, Span<byte> packet)
    {
    }

    private void Attack((DatagramAddress From, DatagramAddress To, byte[] Bytes) heard)
    {
        DatagramAddress server = DatagramAddress.From(World.ServerEndpoint);
        switch (Random.Next(8))
        {
            case 0: // The same again.
                World.Network.Inject(Host, heard.Bytes, heard.From, heard.To);
                break;

            case 1: // The same from its own address.
                Send(server, heard.Bytes);
                break;

            case 2: // The handshake of somebody, from its own address.
                Send(server, _response ?? _request ?? heard.Bytes);
                break;

            case 3: // A packet with a changed byte.
                byte[] changed = [.. heard.Bytes];
                if (changed.Length > 0)
                {
                    changed[Random.Next(Math.Min(changed.Length, Random.Chance(0.5) ? 10 : changed.Length))] ^= (byte)Random.Between(1, 255);
                }

                World.Network.Inject(Host, changed, heard.From, heard.To);
                break;

            case 4: // A payload far ahead of the others.
                byte[] forged = new byte[1 + 8 + 40 + NetcodePacket.MacBytes];
                forged[0] = (byte)((byte)NetcodePacketType.Payload | (8 << 4));
                forged.AsSpan(1, 8).Fill(0xFF);
                World.Network.Inject(Host, forged, heard.From, heard.To);
                break;

            case 5: // A request without a token, in somebody's name.
                byte[] request = new byte[NetcodePacket.RequestBytes];
                NetcodePacket.Version.CopyTo(request.AsSpan(1));
                World.Network.Inject(Host, request, Anybody(), server);
                break;

            case 6: // A request with a good token, in somebody's name: the response never comes.
                World.Network.Inject(Host, OwnRequest(), Anybody(), server);
                break;

            default: // Anything.
                byte[] noise = new byte[Random.Next(1_400)];
                Array.Fill(noise, (byte)Random.Next(256));
                World.Network.Inject(Host, noise, Random.Chance(0.5) ? heard.From : Anybody(), heard.To);
                break;
        }
    }

    private DatagramAddress Anybody() => new(_own.Address, (ushort)Random.Between(1_024, 65_535));

    private byte[] OwnRequest()
    {
        ConnectTokenFormat.TryRead(World.NewToken(FirstId + (ulong)Random.Next(1_000), -1, Random), out PublicToken token);
        return new NetcodeClient(token, DatagramAddress.From(World.ServerEndpoint), 0, Now).WriteDue(Now).ToArray();
    }
}

using System.Buffers.Binary;
using System.Text;

namespace NetLoop.Worlds.Guests;

/// <summary>
/// Browsers, byte for byte: upgrades that are accepted or rejected, text in fragments that split characters, pings in between, and every way to close.
/// </summary>
internal sealed class WebGuest(World world, SeededRandom random) : Guest(world, random)
{
    private const int MostBytes = 4_000;
    private const int MostFragments = 6;
    private const int Talks = 4;

    /// <summary>Stands for a close frame without a code: RFC 6455, section 7.1.5.</summary>
    private const int NoCode = 1005;

    private const string Good =
        "Host: game.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    /// <summary>The answer to the key of RFC 6455, section 1.3.</summary>
    private const string Accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

    private static readonly (string Head, int Status)[] Upgrades =
    [
        ($"GET / HTTP/1.1\r\n{Good}\r\n", 101),
        ($"GET /some?path=x HTTP/1.1\r\n{Good}Origin: https://good.example\r\nCookie: a=b\r\n\r\n", 101),
        (
            "GET / HTTP/1.1\r\nHOST: Game.Example:7777\r\nupgrade: h2c, WebSocket\r\nconnection: keep-alive, "
                + "upgrade\r\nSEC-WEBSOCKET-KEY:dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            101),
        ($"GET / HTTP/1.1\r\n{Good}Origin: https://evil.example\r\n\r\n", 403),
        ($"GET / HTTP/1.1\r\n{Good}Origin: null\r\n\r\n", 403),
        ($"GET / HTTP/1.1\r\n{Good.Replace("game.example", "other.example", StringComparison.Ordinal)}\r\n", 421),
        ($"GET / HTTP/1.1\r\n{Good.Replace("Host: game.example\r\n", "", StringComparison.Ordinal)}\r\n", 400),
        ($"GET / HTTP/1.1\r\n{Good}Host: game.example\r\n\r\n", 400),
        ($"GET / HTTP/1.1\r\n{Good}Content-Length: 5\r\n\r\nhello", 400),
        ($"GET / HTTP/1.1\r\n{Good}No colon\r\n\r\n", 400),
        ($"GET / HTTP/1.1\r\n{Good.Replace("==", "", StringComparison.Ordinal)}\r\n", 400),
        ($"GET /\r\n{Good}\r\n", 400),
        ($"get / HTTP/1.1\r\n{Good}\r\n", 400),
        ($"POST / HTTP/1.1\r\n{Good}\r\n", 405),
        ($"GET / HTTP/1.0\r\n{Good}\r\n", 505),
        ($"GET / HTTP/1.1\r\n{Good.Replace("Upgrade: websocket\r\n", "", StringComparison.Ordinal)}\r\n", 426),
        ($"GET / HTTP/1.1\r\n{Good.Replace(": 13", ": 8", StringComparison.Ordinal)}\r\n", 426),
        ($"GET / HTTP/1.1\r\n{Good}{string.Concat(Enumerable.Repeat("X-A: b\r\n", 60))}\r\n", 431),
        ($"GET / HTTP/1.1\r\nHost: game.ex", 408),
    ];

    private static readonly (byte[] Bytes, int Code)[] Endings =
    [
        (Frame(0x88, [0x03, 0xE8]), 1000),
        (Frame(0x88, []), NoCode),
        (Frame(0x88, [0x03, 0xE9, .. "weg"u8]), 1001),
        (Frame(0x88, [0x03]), 1002),
        (Frame(0x88, [0x03, 0xED]), 1002),
        (Frame(0x88, [0x03, 0xE8, 0xC3]), 1007),
        (Frame(0x81, [0xC3, 0x28]), 1007),
        ([.. Frame(0x01, [0xE6, 0xBC]), .. Frame(0x80, [])], 1007),
        ([.. Frame(0x01, [0xED]), .. Frame(0x80, [0xA0, 0x80])], 1007),
        (Frame(0xC1, "x"u8), 1002),
        (Frame(0x83, "x"u8), 1002),
        (Frame(0x80, "x"u8), 1002),
        ([.. Frame(0x01, "x"u8), .. Frame(0x81, "y"u8)], 1002),
        (Frame(0x09, "x"u8), 1002),
        ([0x81, 0x01, 0x78], 1002),
        ([0x89, 0xFE, 0x00, 0x7E], 1002),
        ([0x81, 0xFE, 0x00, 0x05, 0, 0, 0, 0, .. "hello"u8], 1002),
        ([0x82, 0xFE, (MostBytes + 1) >> 8, (MostBytes + 1) & 0xFF, 0, 0, 0, 0], 1009),
        ([0x82, 0xFF, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0, 0, 0, 0], 1009),
        ([.. Frame(0x01, "x"u8), .. Enumerable.Repeat(Frame(0x00, "y"u8), MostFragments).SelectMany(static frame => frame)], 1008),
    ];

    private int _opened;
    private int _closed;
    private int _expected;

    public override void Configure(NetServerOptions o) => o.Listen(Listener(0).AsWebSocket("/"), listener =>
    {
        ConfigureListener(listener);
        listener.MaxBodyBytes = Math.Min(listener.MaxBodyBytes, MostBytes);
        listener.WebSocket.UsesText = true;
        listener.WebSocket.MaxFragments = MostFragments;
        listener.WebSocket.AllowedOrigins.Add("https://good.example");
        listener.WebSocket.AllowedHosts.Add("game.example");
        listener.UseRawProtocol((session, body) =>
        {
            SendStatus status = session.SendRaw(body.IsEmpty ? "-"u8 : body);
            Require(status == SendStatus.Sent, $"an answer to {session} is {status}");
        });
    });

    public override void OnOpened(Session session) => _opened++;

    public override void OnClosed(Session session, CloseInfo info) => _closed++;

    public override void CheckEnd() =>
        Require(_opened == _expected && _closed == _opened, $"{_expected} upgrades were to be accepted; {_opened} sessions opened and {_closed} closed");

    protected override void Play()
    {
        Play(async () =>
        {
            for (int i = 0; i < 8; i++)
            {
                (string head, int status) = Upgrades[Random.Next(Upgrades.Length)];
                await UpgradeAsync(head, status).ConfigureAwait(true);
            }
        });
        for (int i = 0; i < Talks; i++)
        {
            Play(TalkAsync);
        }
    }

    /// <summary>A frame of a client; its mask is drawn where it is sent.</summary>
    private static byte[] Frame(byte first, ReadOnlySpan<byte> payload, uint mask = 0)
    {
        byte[] key = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(key, mask);
        byte[] masked = payload.ToArray();
        for (int i = 0; i < masked.Length; i++)
        {
            masked[i] ^= key[i % 4];
        }

        byte[] length = payload.Length switch
        {
            < 126 => [(byte)(0x80 | payload.Length)],
            _ => [0xFE, (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        return [first, .. length, .. key, .. masked];
    }

    private async Task UpgradeAsync(string head, int status)
    {
        var peer = new RawPeer(Hosts, Random, Listener(0));
        peer.Send(Encoding.UTF8.GetBytes(head));
        string beginning = $"HTTP/1.1 {status} ";
        if (status == 101)
        {
            _expected++;
            Require(await peer.UntilAsync(() => peer.Received.EndsWith("\r\n\r\n"u8)).ConfigureAwait(true), $"{head} is not answered");
            string answer = Encoding.UTF8.GetString(peer.Received);
            Require(
                answer.StartsWith(beginning, StringComparison.Ordinal) && answer.Contains(Accept, StringComparison.Ordinal),
                $"{head} is answered with {answer}");
            peer.EndStream();
        }

        bool isOver = await peer.UntilOverAsync(40).ConfigureAwait(true);
        string all = Encoding.UTF8.GetString(peer.Received);
        Require(isOver && all.StartsWith(beginning, StringComparison.Ordinal), $"{head} is over: {isOver}, answered with {all}");
    }

    private async Task TalkAsync()
    {
        var peer = new RawPeer(Hosts, Random, Listener(0));
        _expected++;
        peer.Send(Encoding.UTF8.GetBytes(Upgrades[0].Head));
        Require(await peer.UntilAsync(() => peer.Received.EndsWith("\r\n\r\n"u8)).ConfigureAwait(true), $"an upgrade is not answered");
        peer.Take(peer.Received.Length);
        var heard = new List<byte[]>();
        var pongs = new List<byte[]>();
        var pings = new List<byte[]>();
        List<byte[]> expected = [];
        var values = new Values(Random);
        int close = 0;
        for (int i = Random.Between(1, 12); i > 0; i--)
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Random.Between(1, 6)).Select(_ => values.Text())));
            expected.Add(text.Length == 0 ? [(byte)'-'] : text);
            SendText(peer, text, pings);
            if (Random.Chance(0.5))
            {
                Require(
                    await peer.UntilAsync(() => Cut(peer, heard, pongs, ref close) && heard.Count == expected.Count).ConfigureAwait(true),
                    $"{heard.Count} of {expected.Count} texts came back");
            }
        }

        // Of pings that arrive together, only the last gets a pong.
        byte[]? last = pings.Count == 0 ? null : pings[^1];
        Require(
            await peer.UntilAsync(
                () => Cut(peer, heard, pongs, ref close) && (last is null || (pongs.Count > 0 && pongs[^1].AsSpan().SequenceEqual(last)))).ConfigureAwait(true),
            $"{pings.Count} pings have {pongs.Count} answers, and not the last one");
        (byte[] bytes, int code) = Endings[Random.Next(Endings.Length)];
        peer.Send(bytes);
        bool isOver = await peer.UntilOverAsync(40).ConfigureAwait(true);
        Cut(peer, heard, pongs, ref close);
        Require(isOver && close == code, $"{Convert.ToHexString(bytes)} is over: {isOver}, closed with {close} instead of {code}");
        Require(
            heard.Count == expected.Count && heard.Zip(expected).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second)),
            $"{heard.Count} of {expected.Count} texts came back, or others");

        // Each pong answers a ping, in their order.
        int next = 0;
        foreach (byte[] pong in pongs)
        {
            next = pings.FindIndex(next, ping => ping.AsSpan().SequenceEqual(pong)) + 1;
            Require(next > 0, $"a pong of {Convert.ToHexString(pong)} answers no ping");
        }
    }

    /// <summary>A text in one frame or several, which may split characters, with pings between them.</summary>
    private void SendText(RawPeer peer, byte[] text, List<byte[]> pings)
    {
        int fragments = Random.Chance(0.4) ? 1 : Random.Between(2, MostFragments);
        int sent = 0;
        for (int i = 1; i <= fragments; i++)
        {
            int count = i == fragments ? text.Length - sent : Random.Next(text.Length - sent + 1);
            byte first = (byte)((i == 1 ? 0x01 : 0x00) | (i == fragments ? 0x80 : 0));
            peer.Send(Frame(first, text.AsSpan(sent, count), (uint)Random.NextUInt64()));
            sent += count;
            if (Random.Chance(0.2))
            {
                byte[] ping = new byte[8];
                BinaryPrimitives.WriteInt64BigEndian(ping, pings.Count + 1);
                pings.Add(ping);
                peer.Send(Frame(0x89, ping, (uint)Random.NextUInt64()));
            }
        }
    }

    /// <summary>Parses the frames that have arrived.</summary>
    private bool Cut(RawPeer peer, List<byte[]> heard, List<byte[]> pongs, ref int close)
    {
        while (peer.Received.Length >= 2)
        {
            ReadOnlySpan<byte> bytes = peer.Received;
            int header = bytes[1] == 126 ? 4 : 2;
            Require(bytes[1] <= 126, $"a frame of the server begins with {bytes[0]} {bytes[1]}");
            if (bytes.Length < header)
            {
                return true;
            }

            int length = bytes[1] == 126 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : bytes[1];
            Require(header == 2 || length >= 126, $"a length of {length} takes two bytes");
            if (bytes.Length < header + length)
            {
                return true;
            }

            byte[] payload = bytes.Slice(header, length).ToArray();
            Require(close == 0, $"a frame comes behind the close frame");
            switch (bytes[0])
            {
                case 0x81:
                    heard.Add(payload);
                    break;

                case 0x8A:
                    pongs.Add(payload);
                    break;

                case 0x88:
                    close = payload.Length < 2 ? NoCode : BinaryPrimitives.ReadUInt16BigEndian(payload);
                    break;

                default:
                    World.Fail("I37", $"{this}: the server sends a frame that begins with {bytes[0]:x2}");
                    return true;
            }

            peer.Take(header + length);
        }

        return true;
    }
}

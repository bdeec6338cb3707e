using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NetLoop.Tests.Transports.WebSockets.Conformance;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>What bad input gets from a listener with default limits, and that honest clients beside it do not notice.</summary>
public sealed class WebSocketListenerTests : ServerFixture
{
    private int Port => Server.Endpoints[1].Port;

    [Test]
    public void ListenWebSocket_Hello_OpensASessionForTheSameHandlers()
    {
        StartWebSocket();
        using RawWebSocket client = OpenSession();
        client.Send(RawWebSocket.Frame(2, Wire.Body(Wire.Message, 72, Wire.Array("hello"))));
        WaitUntil(() => Said.Contains("hello"), "the handler was not called");
        client.Send(RawWebSocket.Frame(8, [0x03, 0xE8]));
        client.ExpectClose(1000);
        Assert.That(client.TryRead(), Is.Null);
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(CloseReason.Normal, "", ByPeer: true)));
    }

    [TestCase(CloseReason.Normal, 1000)]
    [TestCase(CloseReason.ServerStopping, 1001)]
    [TestCase(CloseReason.Malformed, 1007)]
    [TestCase(CloseReason.ServerFull, 1013)]
    [TestCase(CloseReason.HandlerFault, 1011)]
    [TestCase(CloseReason.Kicked, 4014)]
    [TestCase(CloseReason.SlowConsumer, 4006)]
    public void Close_Reason_IsSaidByGoodbyeAndByTheCloseFrame(CloseReason reason, int code)
    {
        StartWebSocket();
        using RawWebSocket client = OpenSession();
        NextOpened().Close(reason, "because");
        ReceivedFrame goodbye = client.Read();
        Assert.That(Wire.Read(goodbye.Payload)[1], Is.EqualTo(Wire.Goodbye));
        Assert.That(client.ExpectClose(code), Is.EqualTo("because"));
        client.Send(RawWebSocket.Frame(8, [0x03, 0xE8]));
        Assert.That(client.TryRead(), Is.Null);
    }

    [TestCase(HelloMode.Required)]
    [TestCase(HelloMode.None)]
    public void StreamEnds_WithoutACloseFrame_IsNotNormal(HelloMode hello)
    {
        StartWebSocket(l => l.Hello = hello);
        using RawWebSocket client = hello == HelloMode.None ? RawWebSocket.Open(Port) : OpenSession();
        client.EndSending();
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(CloseReason.Disconnected, "The stream ended without a close frame.", ByPeer: true)));
    }

    [TestCase(1000, "", CloseReason.Normal)]
    [TestCase(1001, "the page is left", CloseReason.Normal)]
    [TestCase(1011, "upstream failed", CloseReason.HandlerFault)]
    [TestCase(1014, "bad gateway", CloseReason.TransportError)]
    public void CloseFrame_WithoutAGoodbye_GivesReasonAndText(int code, string text, CloseReason reason)
    {
        StartWebSocket(l => l.Hello = HelloMode.None);
        using RawWebSocket client = RawWebSocket.Open(Port);
        client.Send(RawWebSocket.Frame(8, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(text)]));
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(reason, text, ByPeer: true)));
        client.ExpectClose(code);
    }

    [Test]
    public void ListenWebSocket_TextMessage_Gets1003()
    {
        StartWebSocket();
        using RawWebSocket client = RawWebSocket.Open(Port);
        client.Send(RawWebSocket.Frame(1, [.. "hello"u8]));
        SkipGoodbye(client);
        client.ExpectCloseAndEnd(1003);
    }

    [Test]
    public void ListenWebSocket_BeforeHello_AllowsOneKilobyte()
    {
        StartWebSocket();
        using RawWebSocket client = RawWebSocket.Open(Port);
        client.Send([0x82, 0xFE, 0x04, 0x01]);
        client.Send([0, 0, 0, 0]);
        SkipGoodbye(client);
        client.ExpectCloseAndEnd(1009);
    }

    [TestCase("82FFFFFFFFFFFFFFFFFF00000000", 1002)]
    [TestCase("82FF000000000001000100000000", 1009)]
    [TestCase("C28000000000", 1002)]
    [TestCase("8200", 1002)]
    [TestCase("838000000000", 1002)]
    public void Header_BadFromItsFirstBytes_IsAnsweredAtOnce(string hex, int code)
    {
        StartEcho();
        using RawWebSocket honest = RawWebSocket.Open(Port);
        long before = Server.GetStatistics().Buffers.RentedBytes;
        using RawWebSocket client = RawWebSocket.Open(Port);
        client.Send(Convert.FromHexString(hex));
        client.ExpectCloseAndEnd(code);
        Assert.That(Server.GetStatistics().Buffers.RentedBytes, Is.LessThanOrEqualTo(before + 1024));
        ExpectEcho(honest);
    }

    [Test]
    public void OneByteFragments_OnAHundredConnections_PinLittleAndEndAt1008()
    {
        StartEcho();
        using RawWebSocket honest = RawWebSocket.Open(Port);
        byte[] fragment = RawWebSocket.Frame(0, [1], isFinal: false);
        byte[] burst = [.. RawWebSocket.Frame(2, [1], isFinal: false), .. Enumerable.Repeat(fragment, 1023).SelectMany(bytes => bytes)];
        byte[] flood = [.. Enumerable.Repeat(fragment, 8976).SelectMany(bytes => bytes)];
        RawWebSocket[] clients = [.. Enumerable.Range(0, 100).Select(_ => RawWebSocket.Open(Port))];
        long received = Server.GetStatistics().BytesIn;
        foreach (RawWebSocket client in clients)
        {
            client.Send(burst);
        }

        WaitUntil(() => Server.Core.Counters.BytesIn == received + (100L * burst.Length), "not received");
        long pinned = OnLoop(() => Server.Core.Pool.Statistics.RentedBytes);
        Assert.That(pinned, Is.InRange(100 * 1024, 100 * 4096), "payload of 1 KiB each");
        ExpectEcho(honest);
        foreach (RawWebSocket client in clients)
        {
            // A million in all.
            client.SendIgnoringReset(flood);
            client.ExpectCloseAndEnd(1008);
            client.Dispose();
        }

        ExpectEcho(honest);
    }

    [Test]
    public void CompressionOffered_IsNotAccepted()
    {
        StartEcho();
        using RawWebSocket client = RawWebSocket.Open(Port, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
        Assert.That(client.Head, Does.Not.Contain("Extensions"));
        ExpectEcho(client);
    }

    [Test]
    public void PingFlood_IsAnsweredOnceAnIteration()
    {
        StartEcho();
        const int Pings = 20_000;
        using RawWebSocket honest = RawWebSocket.Open(Port);
        using RawWebSocket client = RawWebSocket.Open(Port);
        long before = OnLoop(() => Server.Core.Counters.Iterations);
        byte[] flood = [.. Enumerable.Range(0, Pings).SelectMany(i => RawWebSocket.Frame(9, Encoding.ASCII.GetBytes($"{i}")))];
        client.Send(flood);
        int pongs = 0;
        string last;
        do
        {
            ReceivedFrame pong = client.Read();
            Assert.That(pong.Opcode, Is.EqualTo(10));
            last = Encoding.ASCII.GetString(pong.Payload);
            pongs++;
        }
        while (last != $"{Pings - 1}");

        Assert.That(pongs, Is.LessThanOrEqualTo(OnLoop(() => Server.Core.Counters.Iterations) - before));
        Assert.That(pongs, Is.LessThan(Pings / 10));
        ExpectEcho(honest);
    }

    [Test]
    public void HeaderFlood_Gets431WithinEightKilobytes()
    {
        StartEcho();
        using RawWebSocket honest = RawWebSocket.Open(Port);
        using var client = new RawWebSocket(Port);
        client.Send("GET / HTTP/1.1\r\n"u8);
        client.SendIgnoringReset(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X-Flood: yes\r\n", 1000))));
        client.ReadHead();
        Assert.That(client.Head, Does.StartWith("HTTP/1.1 431 "));
        ExpectEcho(honest);
    }

    [Test]
    public void AnotherProtocol_Gets400AtOnce()
    {
        StartEcho();
        using var client = new RawWebSocket(Port);
        client.Send(Wire.HelloFrame());
        client.ReadHead();
        Assert.That(client.Head, Does.StartWith("HTTP/1.1 400 "));
    }

    [Test]
    public void EndlessHandshake_Gets408AtTheDeadline()
    {
        StartEcho(o => o.TimeProvider = Time);
        using var client = new RawWebSocket(Port);
        byte[] request = RawWebSocket.Request();
        long before = Server.GetStatistics().BytesIn;
        for (int i = 0; i < 9; i++)
        {
            client.Send([request[i]]);
            WaitUntil(() => Server.Core.Counters.BytesIn == before + i + 1, "not received");
            Advance(1.1);
        }

        Advance(0.2);
        client.ReadHead();
        Assert.That(client.Head, Does.StartWith("HTTP/1.1 408 "));
        Assert.That(OnLoop(() => Server.Core.Pool.Statistics.RentedBytes), Is.LessThanOrEqualTo(1024));
    }

    [Test]
    public void PageOfAnotherHost_Gets403()
    {
        StartEcho();
        using var client = new RawWebSocket(Port);
        client.Send(RawWebSocket.Request("Origin: https://evil.example\r\n"));
        client.ReadHead();
        Assert.That(client.Head, Does.StartWith("HTTP/1.1 403 "));
    }

    [Test]
    public void ListenWebSocket_NamesThatLeadHere_Get421AndOneLogLineThatSaysWhatToSet()
    {
        StartWebSocket(configure: o => o.TimeProvider = Time);
        byte[] request = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(RawWebSocket.Request("Origin: http://evil.example\r\n"))
            .Replace("Host: 127.0.0.1", "Host: evil.example", StringComparison.Ordinal));
        for (int i = 0; i < 20; i++)
        {
            using var client = new RawWebSocket(Port);
            client.Send(request);
            client.ReadHead();
            Assert.That(client.Head, Does.StartWith("HTTP/1.1 421 "));
        }

        (_, _, string text) = Log.Lines.Single(line => line.Id == 1013);
        Assert.That(text, Does.Contain("'evil.example'").And.Contain("WebSocket.AllowedHosts"));
    }

    [Test]
    public void ListenWebSocket_HostIsAllowed_Upgrades()
    {
        StartWebSocket(l => l.WebSocket.AllowedHosts.Add("game.example"));
        using var client = new RawWebSocket(Port);
        client.Send(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(RawWebSocket.Request("Origin: https://game.example\r\n"))
            .Replace("Host: 127.0.0.1", "Host: game.example", StringComparison.Ordinal)));
        client.ReadHead();
        Assert.That(client.Head, Does.StartWith("HTTP/1.1 101 "));
    }

    [TestCase("https://game.example")]
    [TestCase("game.example:80")]
    [TestCase("user@game.example")]
    [TestCase("game.example/path")]
    [TestCase("")]
    public void ListenWebSocket_AllowedHostIsNone_IsRejectedAtOnce(string host) =>
        Assert.That(
            () => NetServer.Create(o => o.ListenWebSocket("127.0.0.1", 0, l => l.WebSocket.AllowedHosts.Add(host))),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("AllowedHosts"));

    [Test]
    public void BroadcastBesideASlowReader_ReachesEverybodyUnchanged()
    {
        const int Readers = 100;
        const int Broadcasts = 20;
        StartWebSocket(l =>
        {
            l.Hello = HelloMode.None;
            l.MaxSendQueueBytes = 8 << 20;
        });
        using RawWebSocket slow = RawWebSocket.Open(Port);
        RawWebSocket[] readers = [.. Enumerable.Range(0, Readers).Select(_ => RawWebSocket.Open(Port))];
        WaitUntil(() => Server.Everyone.Count == Readers + 1, "not open");
        byte[][] bodies = [.. Enumerable.Range(0, Broadcasts).Select(i => Enumerable.Repeat((byte)i, 3000 + i).ToArray())];
        foreach (byte[] body in bodies)
        {
            Server.Broadcast(new Blob(body));
        }

        foreach (RawWebSocket reader in readers.Append(slow))
        {
            foreach (byte[] body in bodies)
            {
                object?[] message = Wire.Read(reader.Read().Payload);
                Assert.That(((object?[])message[2]!)[0], Is.EqualTo(body));
            }

            reader.Dispose();
        }
    }

    [Test]
    public void PeerThatIgnoresClose_IsGoneAfterTheCloseTimeout()
    {
        StartWebSocket(l => l.Hello = HelloMode.None, o => o.TimeProvider = Time);
        using RawWebSocket client = RawWebSocket.Open(Port);
        NextOpened().Close(CloseReason.Kicked, "out");
        SkipGoodbye(client);
        client.ExpectClose(4014);
        client.Send(RawWebSocket.Frame(2, [1, 2, 3]));
        Advance(4.9);
        Assert.That(Server.GetStatistics().Connections, Is.EqualTo(1));
        Advance(0.2);
        WaitUntil(() => Server.Core.Transport.ConnectionCount == 0, "the connection is still there");
    }

    [Test]
    public void ListenWebSocket_ServerFull_Answers503()
    {
        Start(configure: o =>
        {
            o.MaxConnections = 1;
            o.ListenWebSocket("127.0.0.1", 0);
        });
        using RawWebSocket first = RawWebSocket.Open(Port);
        using var second = new RawWebSocket(Port);
        second.Send(RawWebSocket.Request());
        second.ReadHead();
        Assert.That(second.Head, Does.StartWith("HTTP/1.1 503 "));
    }

    [Test]
    public void Foreign_UsesText_AnswersText()
    {
        Start(configure: o => o.ListenWebSocket("127.0.0.1", 0, l =>
        {
            l.WebSocket.UsesText = true;
            l.UseRawProtocol((session, body) => session.SendRaw(body));
        }));
        using RawWebSocket client = RawWebSocket.Open(Port);
        client.Send(RawWebSocket.Frame(1, [.. "grüß dich"u8]));
        Assert.That(client.Read(), Is.EqualTo(new ReceivedFrame(1, [.. "grüß dich"u8])));
    }

    [Test]
    public void DefaultLimits_OversizedCasesOfTheSuite_Get1009Or1008()
    {
        StartEcho();
        foreach (string id in new[] { "9.2.2", "9.2.6", "9.4.1", "9.4.9", "9.6.1" })
        {
            ConformanceCase oversized = ConformanceTable.All.Single(test => test.Id == id);
            using RawWebSocket client = RawWebSocket.Open(Port);
            int phase = 0;
            foreach (Step step in oversized.Steps.Take(2000))
            {
                client.SendIgnoringReset(step.ToBytes([1, 2, 3, 4], ref phase));
            }

            ReceivedFrame close = client.Read();
            Assert.That(close.Opcode, Is.EqualTo(8), id);
            Assert.That(BinaryPrimitives.ReadUInt16BigEndian(close.Payload), Is.EqualTo(1009).Or.EqualTo(1008), id);
        }
    }

    [Test]
    public void ConnectAsync_NoWebSocketThere_SaysWhatTheServerAnswered()
    {
        StartWebSocket();
        NetConnectException? wrongPort = Assert.ThrowsAsync<NetConnectException>(() =>
            NetClient.ConnectAsync($"ws://127.0.0.1:{Server.Endpoints[0].Port}").WaitAsync(TestHost.Patience));
        Assert.That(wrongPort!.Message, Does.Contain("WebSocket"));

        NetConnectException? wrongOrigin = Assert.ThrowsAsync<NetConnectException>(() =>
            NetClient.ConnectAsync(Server.Endpoints[1], o => o.Origin = "https://evil.example").WaitAsync(TestHost.Patience));
        Assert.That(wrongOrigin!.Message, Does.Contain("HTTP 403"));
    }

    [Test]
    public async Task ClientWebSocket_ServerKicks_SeesTheCode()
    {
        StartWebSocket(l => l.Hello = HelloMode.None);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri(Server.Endpoints[1].ToUri()), CancellationToken.None).WaitAsync(TestHost.Patience);
        NextOpened().Close(CloseReason.Kicked, "bye");
        WebSocketReceiveResult goodbye = await client.ReceiveAsync(new byte[64], CancellationToken.None).WaitAsync(TestHost.Patience);
        Assert.That(goodbye.MessageType, Is.EqualTo(WebSocketMessageType.Binary));
        WebSocketReceiveResult result = await client.ReceiveAsync(new byte[64], CancellationToken.None).WaitAsync(TestHost.Patience);
        Assert.That((int)result.CloseStatus!.Value, Is.EqualTo(4014));
        Assert.That(result.CloseStatusDescription, Is.EqualTo("bye"));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WaitAsync(TestHost.Patience);
    }

    private static void ExpectEcho(RawWebSocket client)
    {
        byte[] message = [1, 2, 3, 4];
        client.Send(RawWebSocket.Frame(2, message));
        Assert.That(client.Read(), Is.EqualTo(new ReceivedFrame(2, message)));
    }

    private static void SkipGoodbye(RawWebSocket client) => Assert.That(client.Read().Opcode, Is.EqualTo(2), "Goodbye");

    private void StartWebSocket(Action<ListenOptions>? listen = null, Action<NetServerOptions>? configure = null) =>
        Start(configure: o =>
        {
            configure?.Invoke(o);
            o.ListenWebSocket("127.0.0.1", 0, l =>
            {
                l.PingInterval = TimeSpan.Zero;
                listen?.Invoke(l);
            });
        });

    private void StartEcho(Action<NetServerOptions>? configure = null) =>
        Start(
            configure: o =>
            {
                configure?.Invoke(o);
                o.ListenWebSocket("127.0.0.1", 0, l => l.UseRawProtocol((session, body) => session.SendRaw(body)));
            });

    private RawWebSocket OpenSession()
    {
        RawWebSocket client = RawWebSocket.Open(Port);
        client.Send(RawWebSocket.Frame(2, Wire.HelloFrame()[4..]));
        Assert.That(Wire.Read(client.Read().Payload)[2], Is.Null, "the answer to Hello");
        return client;
    }
}

using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using NetLoop.Buffers;
using NetLoop.Framing.WebSockets;
using NetLoop.Stack;
using NetLoop.Tests.Buffers;
using NetLoop.Tests.Transports.WebSockets.Conformance;
using NetLoop.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>The protocol core by itself: bytes in, statuses out.</summary>
public sealed class WebSocketProtocolTests
{
    private const int MaxMessageBytes = 65_536;

    private BufferPool _pool = null!;

    [SetUp]
    public void MakePool() => _pool = new BufferPool(new BufferPoolOptions { Diagnostics = true, MaxBytes = 4 << 20 });

    [TearDown]
    public void NothingIsLeft() => Assert.That(_pool.OutstandingOwners(), Is.Empty);

    [TestCase("82FFFFFFFFFFFFFFFFFF00000000", 1002)]
    [TestCase("82FF800000000000000000000000", 1002)]
    [TestCase("82FF7FFFFFFFFFFFFFFF00000000", 1009)]
    [TestCase("82FF000000000001000100000000", 1009)]
    [TestCase("82FF000000000000FFFF00000000", 1002)]
    [TestCase("82FE007D00000000", 1002)]
    public void TryRead_LengthTooLongOrNotShortest_FailsFromTheHeaderAlone(string hex, int code)
    {
        WebSocketProtocol protocol = Open();
        byte[] header = Convert.FromHexString(hex);
        for (int cut = 0; cut < header.Length; cut++)
        {
            Assert.That(protocol.TryRead(header.AsSpan(0, cut).ToArray(), out int consumed, out _), Is.EqualTo(WebSocketStatus.Incomplete), $"cut at {cut}");
            Assert.That(consumed, Is.Zero);
        }

        Assert.That(protocol.TryRead(header, out _, out _), Is.EqualTo(WebSocketStatus.Failed));
        Assert.That(protocol.FailureCode, Is.EqualTo(code));
        Assert.That(protocol.HeldBytes, Is.Zero);
    }

    [Test]
    public void TryRead_MaskOfTheWrongSide_FailsAtTheSecondByte()
    {
        WebSocketProtocol server = Open();
        Assert.That(server.TryRead([0x82, 0x01], out _, out _), Is.EqualTo(WebSocketStatus.Failed));
        Assert.That(server.FailureCode, Is.EqualTo(1002));

        WebSocketProtocol client = OpenClient();
        Assert.That(client.TryRead([0x82, 0x81], out _, out _), Is.EqualTo(WebSocketStatus.Failed));
        Assert.That(client.FailureCode, Is.EqualTo(1002));
    }

    [Test]
    public void TryRead_OneByteFragments_HoldTheirBytesAndFailAtTheLimit()
    {
        WebSocketProtocol protocol = Open();
        for (int i = 0; i < 1024; i++)
        {
            byte[] fragment = RawWebSocket.Frame(i == 0 ? 2 : 0, [(byte)i], isFinal: false);
            Assert.That(ReadAll(protocol, fragment), Is.EqualTo(WebSocketStatus.Incomplete), $"fragment {i}");
            Assert.That(protocol.HeldBytes, Is.EqualTo((i + 1) * 65));
            Assert.That(_pool.Statistics.RentedBytes, Is.LessThanOrEqualTo(4096));
        }

        Assert.That(ReadAll(protocol, RawWebSocket.Frame(0, [], isFinal: false)), Is.EqualTo(WebSocketStatus.Failed));
        Assert.That(protocol.FailureCode, Is.EqualTo(1008));
        protocol.Release();
    }

    [Test]
    public void TryRead_FragmentsBeyondTheLongestMessage_FailWith1009()
    {
        WebSocketProtocol protocol = Open();
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(2, new byte[40_000], isFinal: false)), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(0, new byte[25_537])), Is.EqualTo(WebSocketStatus.Failed));
        Assert.That(protocol.FailureCode, Is.EqualTo(1009));
        protocol.Release();
    }

    [Test]
    public void TryRead_EveryFirstByte_IsAllowedOrFailsAtOnce()
    {
        int[] opcodes = [1, 2, 8, 9, 10];
        for (int first = 0; first < 256; first++)
        {
            bool isControl = (first & 8) != 0;
            bool isAllowed = (first & 0x70) == 0 && opcodes.Contains(first & 0xF) && (!isControl || (first & 0x80) != 0);
            WebSocketProtocol protocol = Open();
            WebSocketStatus status = protocol.TryRead([(byte)first, 0x80], out _, out _);
            Assert.That(status, Is.EqualTo(isAllowed ? WebSocketStatus.Incomplete : WebSocketStatus.Failed), $"{first:x2}");
            Assert.That(protocol.FailureCode, Is.EqualTo(isAllowed ? 0 : 1002), $"{first:x2}");
        }
    }

    [Test]
    public void TryRead_ManyPings_KeepTheLatest()
    {
        WebSocketProtocol protocol = Open();
        for (int i = 0; i < 1000; i++)
        {
            Assert.That(ReadAll(protocol, RawWebSocket.Frame(9, Encoding.ASCII.GetBytes($"ping {i}"))), Is.EqualTo(WebSocketStatus.Incomplete));
        }

        Assert.That(protocol.Pongs.ToArray(), Is.EqualTo((byte[])[0x8A, 8, .. "ping 999"u8]));
        protocol.PongsSent();
        Assert.That(protocol.HasPongs, Is.False);
    }

    [Test]
    public void TryRead_EveryCloseCode_IsJudgedByTheTable()
    {
        for (int code = 0; code <= 65_535; code++)
        {
            bool isValid = code is 1000 or 1001 or 1002 or 1003 || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
            byte[] frame = [0x88, 0x82, 0, 0, 0, 0, (byte)(code >> 8), (byte)code];
            WebSocketProtocol protocol = Open();
            WebSocketStatus status = protocol.TryRead(frame, out _, out _);
            if (status != (isValid ? WebSocketStatus.Closed : WebSocketStatus.Failed) || protocol.FailureCode != (isValid ? 0 : 1002))
            {
                Assert.Fail($"code {code}: {status} {protocol.FailureCode}");
            }

            if (isValid)
            {
                byte[] answer = new byte[WebSocketProtocol.MaxControlFrameBytes];
                int length = protocol.WriteClose(CloseReason.Normal, "", answer);
                Assert.That(BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2, length - 2)), Is.EqualTo(code), "the code comes back");
            }
        }
    }

    [TestCase("88810000000003", 1002)]
    [TestCase("88840000000003E8C328", 1007)]
    public void TryRead_HalfACodeOrBadText_Fails(string hex, int code)
    {
        WebSocketProtocol protocol = Open();
        Assert.That(protocol.TryRead(Convert.FromHexString(hex), out _, out _), Is.EqualTo(WebSocketStatus.Failed));
        Assert.That(protocol.FailureCode, Is.EqualTo(code));
    }

    [Test]
    public void TryRead_EverySequenceSplitAnywhere_IsJudgedAsByTheRuntime()
    {
        foreach ((bool isValid, string hex) in Utf8Sequences.Groups.SelectMany(group => group))
        {
            byte[] text = Convert.FromHexString(hex);
            Assert.That(Utf8.IsValid(text), Is.EqualTo(isValid), hex);
            for (int split = 0; split <= text.Length; split++)
            {
                WebSocketProtocol protocol = Open();
                byte[] frames = [.. RawWebSocket.Frame(1, text[..split], isFinal: false), .. RawWebSocket.Frame(0, text[split..])];
                WebSocketStatus status = ReadAll(protocol, frames);
                Assert.That(status, Is.EqualTo(isValid ? WebSocketStatus.Message : WebSocketStatus.Failed), $"{hex} split at {split}");
                Assert.That(protocol.FailureCode, Is.EqualTo(isValid ? 0 : 1007));
                protocol.Release();
            }
        }
    }

    [Test]
    public void TryRead_MessageNotTaken_ComesAgainUnmaskedOnce()
    {
        WebSocketProtocol protocol = Open();
        byte[] frame = RawWebSocket.Frame(2, [1, 2, 3, 4, 5]);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(protocol.TryRead(frame, out int consumed, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message));
            Assert.That(message.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
            Assert.That(consumed, Is.EqualTo(frame.Length));
        }

        protocol.MessageTaken();
        byte[] next = RawWebSocket.Frame(2, [6]);
        Assert.That(protocol.TryRead(next, out _, out ReadOnlySpan<byte> second), Is.EqualTo(WebSocketStatus.Message));
        Assert.That(second.ToArray(), Is.EqualTo(new byte[] { 6 }));
    }

    [Test]
    public void TryRead_FramesCutAnywhere_GiveTheSameMessage()
    {
        byte[] first = [.. Enumerable.Range(0, 130).Select(i => (byte)i)];
        byte[] second = [.. Enumerable.Range(0, 70).Select(i => (byte)(i * 3))];
        byte[] wire = [.. RawWebSocket.Frame(2, first, isFinal: false), .. RawWebSocket.Frame(9, [7]), .. RawWebSocket.Frame(0, second)];
        for (int cut = 1; cut < wire.Length; cut++)
        {
            WebSocketProtocol protocol = Open();
            byte[] head = wire[..cut];
            int done = Consume(protocol, head);
            byte[] rest = [.. head[done..], .. wire[cut..]];
            Consume(protocol, rest);
            Assert.That(protocol.TryRead(default, out _, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message), $"cut at {cut}");
            Assert.That(message.ToArray(), Is.EqualTo(first.Concat(second)), $"cut at {cut}");
            Assert.That(protocol.HasPongs, Is.True);
            protocol.MessageTaken();
            protocol.Release();
        }
    }

    [Test]
    public void TryRead_Ping_CountsWhatItsAnswerTakesUntilItIsSent()
    {
        WebSocketProtocol protocol = Open();
        Consume(protocol, [.. RawWebSocket.Frame(2, new byte[10], isFinal: false), .. RawWebSocket.Frame(9, [7])]);
        Assert.That(protocol.LeaseCount, Is.EqualTo(2));
        Assert.That(protocol.BlockBytes, Is.EqualTo(_pool.Statistics.RentedBytes));
        protocol.PongsSent();
        Assert.That(protocol.LeaseCount, Is.EqualTo(1));
        Assert.That(protocol.BlockBytes, Is.EqualTo(_pool.Statistics.RentedBytes));
        protocol.Release();
        Assert.That(protocol.LeaseCount, Is.Zero);
    }

    [Test]
    public void Seal_EveryBorderOfTheLength_IsReadBackByTheOtherRole()
    {
        foreach (int length in new[] { 0, 1, 125, 126, 127, 65_535, 65_536 })
        {
            WebSocketProtocol client = OpenClient();
            byte[] body = new byte[length];
            body.AsSpan().Fill(0x5A);
            int headerBytes = client.HeaderBytesFor(length);
            byte[] frame = [.. new byte[headerBytes], .. body];
            client.Seal(frame.AsSpan(0, headerBytes), frame.AsSpan(headerBytes));
            if (length > 8)
            {
                Assert.That(frame.AsSpan(headerBytes).IndexOf(body.AsSpan(0, 8)), Is.Negative, "it is masked");
            }

            WebSocketProtocol server = Open();
            Assert.That(server.TryRead(frame, out int consumed, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message));
            Assert.That(message.SequenceEqual(body), Is.True);
            Assert.That(consumed, Is.EqualTo(frame.Length));
        }
    }

    [Test]
    public void WriteClose_MessageInFragmentsNotTaken_IsDiscarded()
    {
        // Found by simulation, storm 5000908: it waited for room in the inbox, and was handled after its session had closed.
        WebSocketProtocol protocol = Open();
        Consume(protocol, [.. RawWebSocket.Frame(2, [1], isFinal: false), .. RawWebSocket.Frame(0, [2])]);
        Assert.That(protocol.TryRead(default, out _, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message));
        Assert.That(message.ToArray(), Is.EqualTo(new byte[] { 1, 2 }));

        protocol.WriteClose(CloseReason.Kicked, "", new byte[WebSocketProtocol.MaxControlFrameBytes]);
        Assert.That(ReadAll(protocol, [.. RawWebSocket.Frame(2, [3]), .. RawWebSocket.Frame(8, [])]), Is.EqualTo(WebSocketStatus.Closed));
        Assert.That(protocol.LeaseCount, Is.Zero);
    }

    [Test]
    public void WriteClose_LongText_IsCutBetweenCharacters()
    {
        WebSocketProtocol protocol = Open();
        byte[] frame = new byte[WebSocketProtocol.MaxControlFrameBytes];
        int length = protocol.WriteClose(CloseReason.Kicked, new string('ä', 100), frame);
        Assert.That(length, Is.EqualTo(2 + 2 + 122), "61 characters of two bytes");
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(2)), Is.EqualTo(4014));
        Assert.That(Utf8.IsValid(frame.AsSpan(4, 122)), Is.True);
        Assert.That(protocol.WriteClose(CloseReason.Normal, "", frame), Is.Zero, "once");
    }

    [Test]
    public void TryRead_EachMessageInAsManyFragmentsAsAllowed_IsTaken()
    {
        WebSocketProtocol protocol = Open();
        for (int message = 0; message < 3; message++)
        {
            for (int i = 0; i < 1024; i++)
            {
                byte[] fragment = RawWebSocket.Frame(i == 0 ? 2 : 0, [(byte)(i + message)], isFinal: i == 1023);
                Assert.That(
                    ReadAll(protocol, fragment),
                    Is.EqualTo(i < 1023 ? WebSocketStatus.Incomplete : WebSocketStatus.Message),
                    $"fragment {i} of message {message}");
                Assert.That(protocol.HeldBytes, Is.EqualTo((i + 1) * 65), $"fragment {i} of message {message}");
            }

            Assert.That(protocol.TryRead(default, out _, out ReadOnlySpan<byte> whole), Is.EqualTo(WebSocketStatus.Message));
            Assert.That(whole.Length, Is.EqualTo(1024));
            Assert.That(whole[5], Is.EqualTo((byte)(5 + message)));
            protocol.MessageTaken();
            Assert.That((protocol.HeldBytes, protocol.LeaseCount, protocol.IsInMessage), Is.EqualTo((0, 0, false)));
        }
    }

    [Test]
    public void TryRead_ThousandsOfFragmentedMessages_EachCountsItsOwn()
    {
        WebSocketProtocol protocol = Open();
        byte[] wire =
        [
            .. RawWebSocket.Frame(2, [1, 2], isFinal: false),
            .. RawWebSocket.Frame(9, [7]),
            .. RawWebSocket.Frame(0, [], isFinal: false),
            .. RawWebSocket.Frame(0, [3]),
        ];
        for (int i = 0; i < 2_000; i++)
        {
            Assert.That(ReadAll(protocol, [.. wire]), Is.EqualTo(WebSocketStatus.Message), $"message {i}");
            Assert.That(protocol.TryRead(default, out _, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message));
            Assert.That(message.SequenceEqual((ReadOnlySpan<byte>)[1, 2, 3]), Is.True);
            Assert.That(protocol.HeldBytes, Is.EqualTo(3 + (3 * WebSocketProtocol.FragmentCharge)));
            protocol.MessageTaken();
            protocol.PongsSent();
        }

        protocol.Release();
    }

    [Test]
    public void TryRead_EachMessageAlmostTooLong_IsTaken()
    {
        WebSocketProtocol protocol = Open();
        for (int i = 0; i < 3; i++)
        {
            Assert.That(
                ReadAll(protocol, [.. RawWebSocket.Frame(2, new byte[40_000], isFinal: false), .. RawWebSocket.Frame(0, new byte[25_536])]),
                Is.EqualTo(WebSocketStatus.Message));
            Assert.That(protocol.TryRead(default, out _, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message));
            Assert.That(message.Length, Is.EqualTo(MaxMessageBytes));
            protocol.MessageTaken();
        }
    }

    [Test]
    public void TryRead_PingsAfterAnswersWereSent_AreAnsweredAnew()
    {
        WebSocketProtocol protocol = Open(pongs: 2);
        for (byte round = 0; round < 3; round++)
        {
            Assert.That(ReadAll(protocol, RawWebSocket.Frame(9, [round])), Is.EqualTo(WebSocketStatus.Incomplete));
            Assert.That(protocol.Pongs.ToArray(), Is.EqualTo(new byte[] { 0x8A, 1, round }));
            ReadAll(protocol, RawWebSocket.Frame(9, [round, 1]));
            Assert.That(protocol.Pongs.ToArray(), Is.EqualTo(new byte[] { 0x8A, 1, round, 0x8A, 2, round, 1 }));
            ReadAll(protocol, RawWebSocket.Frame(9, []));
            Assert.That(protocol.Pongs.ToArray(), Is.EqualTo(new byte[] { 0x8A, 0 }), "a third one leaves those before it unanswered");
            Assert.That(protocol.HasPongs, Is.True);
            protocol.PongsSent();
            Assert.That((protocol.HasPongs, protocol.Pongs.Length, protocol.LeaseCount), Is.EqualTo((false, 0, 0)));
        }
    }

    [Test]
    public void TryRead_LongestPing_IsAnsweredWholeByEitherRole()
    {
        byte[] payload = [.. Enumerable.Range(1, 125).Select(i => (byte)i)];
        WebSocketProtocol server = Open();
        ReadAll(server, RawWebSocket.Frame(9, payload));
        Assert.That(server.Pongs.ToArray(), Is.EqualTo((byte[])[0x8A, 125, .. payload]));
        server.Release();

        WebSocketProtocol client = OpenClient();
        ReadAll(client, [0x89, 125, .. payload]);
        byte[] pong = client.Pongs.ToArray();
        Assert.That(pong[..2], Is.EqualTo(new byte[] { 0x8A, 0x80 | 125 }));
        Assert.That(pong[6..].Select((masked, i) => (byte)(masked ^ pong[2 + (i % 4)])), Is.EqualTo(payload));
        client.Release();
    }

    [Test]
    public void TryRead_TextThenBinaryThenText_EachIsWhatItSays([Values] bool inFragments)
    {
        WebSocketProtocol protocol = Open();
        foreach ((int opcode, string text) in new[] { (1, "grün"), (2, "\u00ff"), (1, "ä€𝄞"), (2, "x"), (1, "y") })
        {
            byte[] payload = opcode == 1 ? Encoding.UTF8.GetBytes(text) : Encoding.Latin1.GetBytes(text);
            byte[] wire = inFragments
                ? [.. RawWebSocket.Frame(opcode, payload[..1], isFinal: false), .. RawWebSocket.Frame(9, []), .. RawWebSocket.Frame(0, payload[1..])]
                : RawWebSocket.Frame(opcode, payload);
            int done = Consume(protocol, wire);
            Assert.That(protocol.TryRead(wire.AsSpan(done), out _, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message), text);
            Assert.That(message.ToArray(), Is.EqualTo(payload));
            Assert.That(protocol.IsText, Is.EqualTo(opcode == 1));
            protocol.MessageTaken();
        }

        byte[] last = [.. RawWebSocket.Frame(1, [0xC3], isFinal: false), .. RawWebSocket.Frame(0, [])];
        Assert.That(ReadAll(protocol, last), Is.EqualTo(WebSocketStatus.Failed), "half a character at the end");
        Assert.That(protocol.FailureCode, Is.EqualTo(1007));
        protocol.Release();
    }

    [Test]
    public void TryRead_PayloadInAnyPieces_IsUnmaskedInStep()
    {
        byte[] first = [.. Enumerable.Range(0, 23).Select(i => (byte)i)];
        byte[] second = [.. Enumerable.Range(0, 21).Select(i => (byte)(i * 7))];
        byte[] wire = [.. RawWebSocket.Frame(2, first, isFinal: false), .. RawWebSocket.Frame(0, second)];
        for (int step = 1; step <= 9; step++)
        {
            WebSocketProtocol protocol = Open();
            int start = 0;
            for (int end = step; start < wire.Length; end = Math.Min(end + step, wire.Length))
            {
                start += Consume(protocol, wire[start..end]);
            }

            Assert.That(protocol.TryRead(default, out _, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message), $"{step} at a time");
            Assert.That(message.ToArray(), Is.EqualTo(first.Concat(second)), $"{step} at a time");
            protocol.MessageTaken();
        }
    }

    [Test]
    public void TryRead_NoMemoryForAMessage_ConsumesNothingAndGoesOnLater()
    {
        WebSocketProtocol protocol = Open();
        byte[] fragment = RawWebSocket.Frame(2, [1, 2, 3], isFinal: false);
        int header = Consume(protocol, fragment[..^3]);
        Assert.That(header, Is.EqualTo(fragment.Length - 3));
        Lease[] all = _pool.RentEverything();
        for (int i = 0; i < 2; i++)
        {
            Assert.That(protocol.TryRead(fragment.AsSpan(header), out int consumed, out _), Is.EqualTo(WebSocketStatus.OutOfMemory));
            Assert.That((consumed, protocol.LeaseCount), Is.EqualTo((0, 0)));
        }

        Array.ForEach(all, lease => lease.Return());
        Assert.That(ReadAll(protocol, [.. fragment[header..], .. RawWebSocket.Frame(0, [4])]), Is.EqualTo(WebSocketStatus.Message));
        Assert.That(protocol.TryRead(default, out _, out ReadOnlySpan<byte> message), Is.EqualTo(WebSocketStatus.Message));
        Assert.That(message.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        protocol.MessageTaken();
    }

    [Test]
    public void TryRead_NoMemoryForAPong_LeavesThatPingUnansweredAndNoOther()
    {
        WebSocketProtocol protocol = Open();
        Lease[] all = _pool.RentEverything();
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(9, [1])), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That((protocol.HasPongs, protocol.LeaseCount), Is.EqualTo((false, 0)));
        Array.ForEach(all, lease => lease.Return());
        ReadAll(protocol, RawWebSocket.Frame(9, [2]));
        Assert.That(protocol.Pongs.ToArray(), Is.EqualTo(new byte[] { 0x8A, 1, 2 }));
        protocol.PongsSent();
    }

    [Test]
    public void WriteClose_PeerGoesOnSending_IsReadToItsCloseWithoutHoldingAnything()
    {
        WebSocketProtocol protocol = Open();
        Consume(protocol, [.. RawWebSocket.Frame(2, new byte[100], isFinal: false), .. RawWebSocket.Frame(9, [1])]);
        Assert.That(protocol.AwaitsClose, Is.False);
        protocol.WriteClose(CloseReason.Kicked, "", new byte[WebSocketProtocol.MaxControlFrameBytes]);
        Assert.That(protocol.AwaitsClose, Is.True);
        Assert.That((protocol.LeaseCount, protocol.HasPongs), Is.EqualTo((0, false)));

        // More fragments than a message may have, a longer message than there may be, text that is none: nobody reads it.
        for (int i = 0; i < 1100; i++)
        {
            Assert.That(ReadAll(protocol, RawWebSocket.Frame(0, new byte[100], isFinal: false)), Is.EqualTo(WebSocketStatus.Incomplete), $"{i}");
        }

        Assert.That(ReadAll(protocol, RawWebSocket.Frame(0, [1])), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(1, [0xFF])), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(9, [1])), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That((protocol.LeaseCount, protocol.HasPongs, protocol.IsInMessage), Is.EqualTo((0, false, false)));
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(8, [0x03, 0xE9])), Is.EqualTo(WebSocketStatus.Closed));
        Assert.That((protocol.AwaitsClose, protocol.IsPeerClosed, protocol.PeerCloseCode), Is.EqualTo((false, true, 1001)));
    }

    [Test]
    public void DiscardMessages_BeforeThisSideCloses_ReadsWhateverComesAndAnswersPings()
    {
        WebSocketProtocol protocol = Open();
        Consume(protocol, RawWebSocket.Frame(2, new byte[100], isFinal: false));
        protocol.DiscardMessages();
        Assert.That(protocol.LeaseCount, Is.Zero);
        for (int i = 0; i < 1100; i++)
        {
            Assert.That(ReadAll(protocol, RawWebSocket.Frame(0, new byte[100], isFinal: false)), Is.EqualTo(WebSocketStatus.Incomplete), $"{i}");
        }

        Assert.That(ReadAll(protocol, RawWebSocket.Frame(0, [1])), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(2, new byte[MaxMessageBytes + 1])), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(1, [0xFF])), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That((protocol.LeaseCount, protocol.HeldBytes, protocol.IsInMessage), Is.EqualTo((0, 0, false)));
        Assert.That(ReadAll(protocol, RawWebSocket.Frame(9, [1])), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That(protocol.Pongs.ToArray(), Is.EqualTo(new byte[] { 0x8A, 1, 1 }));
        protocol.PongsSent();

        byte[] frame = new byte[WebSocketProtocol.MaxControlFrameBytes];
        Assert.That(protocol.WriteClose(CloseReason.Normal, "", frame), Is.Not.Zero, "it can still be said");
        Assert.That(protocol.AwaitsClose, Is.True);
    }

    [Test]
    public void DiscardMessages_MessageInFragmentsNotTaken_IsDiscarded()
    {
        WebSocketProtocol protocol = Open();
        Consume(protocol, [.. RawWebSocket.Frame(2, [1], isFinal: false), .. RawWebSocket.Frame(0, [2])]);
        Assert.That(protocol.HeldBytes, Is.EqualTo(2 + (2 * WebSocketProtocol.FragmentCharge)), "collected, and not taken");
        protocol.DiscardMessages();
        Assert.That(ReadAll(protocol, []), Is.EqualTo(WebSocketStatus.Incomplete));
        Assert.That((protocol.LeaseCount, protocol.HeldBytes), Is.EqualTo((0, 0)));
    }

    [Test]
    public void WriteClose_PeerClosedFirst_EchoesItsCodeWithoutAText([Values(0, 1000, 4321)] int code)
    {
        WebSocketProtocol protocol = Open();
        ReadAll(protocol, RawWebSocket.Frame(8, code == 0 ? [] : [(byte)(code >> 8), (byte)code, (byte)'x']));
        byte[] frame = new byte[WebSocketProtocol.MaxControlFrameBytes];
        int length = protocol.WriteClose(CloseReason.Kicked, "text", frame);
        Assert.That(frame[..length], Is.EqualTo(code == 0 ? [0x88, 0] : new byte[] { 0x88, 2, (byte)(code >> 8), (byte)code }));
        Assert.That(protocol.AwaitsClose, Is.False);
    }

    [Test]
    public void WriteClose_AfterAFailure_SaysItsCodeAndAwaitsNothing()
    {
        WebSocketProtocol protocol = Open();
        Assert.That(ReadAll(protocol, [0xC2, 0x80]), Is.EqualTo(WebSocketStatus.Failed));
        byte[] frame = new byte[WebSocketProtocol.MaxControlFrameBytes];
        int length = protocol.WriteClose(CloseReason.Malformed, "bad", frame);
        Assert.That(frame[..length], Is.EqualTo(new byte[] { 0x88, 5, 0x03, 0xEA, (byte)'b', (byte)'a', (byte)'d' }));
        Assert.That(protocol.AwaitsClose, Is.False);
    }

    [Test]
    public void WriteClose_NotOpenYet_WritesNothingAndMayLater()
    {
        var protocol = new WebSocketProtocol(ConformanceLimits.For(WebSocketRole.Server), MaxMessageBytes, _pool, new SystemEntropy());
        byte[] frame = new byte[WebSocketProtocol.MaxControlFrameBytes];
        Assert.That(protocol.WriteClose(CloseReason.Kicked, "", frame), Is.Zero);
        Assert.That(protocol.TryRead(RawWebSocket.Request(), out _, out _), Is.EqualTo(WebSocketStatus.Opened));
        Assert.That(protocol.WriteClose(CloseReason.Kicked, "", frame), Is.EqualTo(4));
    }

    private static int Consume(WebSocketProtocol protocol, byte[] bytes)
    {
        int done = 0;
        while (protocol.TryRead(bytes.AsSpan(done), out int consumed, out _) is WebSocketStatus.Progress)
        {
            done += consumed;
        }

        return done;
    }

    /// <summary>Reads to the end of the bytes or to something that is not a matter of course.</summary>
    private static WebSocketStatus ReadAll(WebSocketProtocol protocol, byte[] bytes)
    {
        int done = 0;
        while (true)
        {
            WebSocketStatus status = protocol.TryRead(bytes.AsSpan(done), out int consumed, out _);
            if (status != WebSocketStatus.Progress)
            {
                return status;
            }

            done += consumed;
        }
    }

    private WebSocketProtocol Open(int pongs = 1)
    {
        WebSocketSettings settings = ConformanceLimits.For(WebSocketRole.Server) with { MaxFragments = 1024, MaxPendingPongs = pongs };
        var protocol = new WebSocketProtocol(settings, MaxMessageBytes, _pool, new SystemEntropy());
        Assert.That(protocol.TryRead(RawWebSocket.Request(), out _, out _), Is.EqualTo(WebSocketStatus.Opened));
        return protocol;
    }

    private WebSocketProtocol OpenClient()
    {
        var protocol = new WebSocketProtocol(ConformanceLimits.For(WebSocketRole.Client, "127.0.0.1:80"), MaxMessageBytes, _pool, new SystemEntropy());
        Span<byte> accept = stackalloc byte[WebSocketKey.AcceptBytes];
        UpgradeResponse answer = UpgradeResponse.To(protocol.Request, UpgradePolicy.SameHost, accept);
        Assert.That(answer.IsAccepted, Is.True, answer.Text);
        Assert.That(protocol.TryRead(answer.ToResponse(accept), out _, out _), Is.EqualTo(WebSocketStatus.Opened));
        return protocol;
    }
}

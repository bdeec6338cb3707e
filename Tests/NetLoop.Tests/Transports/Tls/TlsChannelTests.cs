using NetLoop.Transports.Tls;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Tls;

/// <summary>The contract of a stream channel, for TLS: whatever the pieces in which the wire carries it, the bytes arrive as they were sent.</summary>
public sealed class TlsChannelTests
{
    private const int MaxTurns = 1_000_000;

    [Test]
    public void Transfer_PiecesOfEverySize_ArriveAsSentBothWays(
        [Values(1, 2, 3, 5, 6, 21, 22, 23, 100, 1_000, 16_406, 100_000)] int pieceBytes,
        [Values(7, 600, 65_536)] int roomBytes,
        [Values(50, 20_000, int.MaxValue)] int windowBytes)
    {
        using var pair = new TlsPair(new PipeStack(pieceBytes, windowBytes));
        Assert.That(pair.Open(), Is.EqualTo((SocketStatus.Ok, SocketStatus.Ok)));
        var random = new Random(pieceBytes * 31 + roomBytes);
        byte[] up = Bytes(random, pieceBytes < 100 || roomBytes < 100 ? 20_000 : 150_000);
        byte[] down = Bytes(random, up.Length / 2);
        var toServer = new Transfer(pair.Client, PipeStack.Client, pair.Server, PipeStack.Server, up, roomBytes);
        var toClient = new Transfer(pair.Server, PipeStack.Server, pair.Client, PipeStack.Client, down, roomBytes);
        for (int turn = 0; turn < MaxTurns && !(toServer.IsDone && toClient.IsDone); turn++)
        {
            toServer.Run();
            toClient.Run();
        }

        Assert.That(toServer.Received, Is.EqualTo(up));
        Assert.That(toClient.Received, Is.EqualTo(down));
        Assert.That((pair.Client.IsTruncated, pair.Server.IsTruncated), Is.EqualTo((false, false)));
        Assert.That((pair.Pipe.IsShut(PipeStack.Client), pair.Pipe.IsShut(PipeStack.Server)), Is.EqualTo((true, true)));
        Assert.That(pair.Pool.OutstandingOwners(), Is.Empty, "an open channel with nothing to send holds no memory of the pool");
    }

    [Test]
    public void Receive_SocketEndsWithoutCloseNotify_IsTruncated()
    {
        using TlsPair pair = Opened();
        Assert.That(Send(pair, [1, 2, 3]), Is.EqualTo(3));
        pair.Pipe.ShutdownSend(PipeStack.Client);
        byte[] room = new byte[10];
        Assert.That(pair.Server.Receive(PipeStack.Server, room), Is.EqualTo(new SocketResult(SocketStatus.Ok, 3)));
        Assert.That(pair.Server.Receive(PipeStack.Server, room), Is.EqualTo(new SocketResult(SocketStatus.Ok, 0)));
        Assert.That(pair.Server.IsTruncated, Is.True);
    }

    [Test]
    public void Receive_SocketEndsInsideARecord_IsTruncated()
    {
        using TlsPair pair = Opened();
        pair.Pipe.Tamper = (_, bytes) => bytes.GetRange(0, bytes.Count - 1);
        Send(pair, [1, 2, 3]);
        pair.Pipe.ShutdownSend(PipeStack.Client);
        Assert.That(pair.Server.Receive(PipeStack.Server, new byte[10]).Status, Is.EqualTo(SocketStatus.WouldBlock));
        Assert.That(pair.Server.Receive(PipeStack.Server, new byte[10]), Is.EqualTo(new SocketResult(SocketStatus.Ok, 0)));
        Assert.That(pair.Server.IsTruncated, Is.True);
    }

    [Test]
    public void Receive_DataAndCloseNotifyTogether_GivesBothWithoutTheSocket()
    {
        using TlsPair pair = Opened();
        Send(pair, [1, 2, 3]);
        pair.Client.EndSending(PipeStack.Client);
        byte[] room = new byte[10];
        Assert.That(pair.Server.Receive(PipeStack.Server, room).Count, Is.EqualTo(3));
        Assert.That(pair.Server.HoldsInput, Is.True, "the poller cannot report what the channel has read already");
        Assert.That(pair.Server.Receive(PipeStack.Server, room), Is.EqualTo(new SocketResult(SocketStatus.Ok, 0)));
        Assert.That(pair.Server.IsTruncated, Is.False);
    }

    [Test]
    public void Receive_RoomSmallerThanTheRecord_HoldsTheRest()
    {
        using TlsPair pair = Opened();
        byte[] sent = Bytes(new Random(1), 1_000);
        Send(pair, sent);
        var received = new List<byte>();
        byte[] room = new byte[300];
        while (received.Count < sent.Length)
        {
            SocketResult result = pair.Server.Receive(PipeStack.Server, room);
            Assert.That(result.Status, Is.EqualTo(SocketStatus.Ok));
            received.AddRange(room[..result.Count]);
            Assert.That(pair.Server.HoldsInput, Is.EqualTo(received.Count < sent.Length));
        }

        Assert.That(received, Is.EqualTo(sent));
        Assert.That(pair.Server.Receive(PipeStack.Server, room).Status, Is.EqualTo(SocketStatus.WouldBlock));
    }

    [Test]
    public void Receive_ChangedRecord_FailsWithAText()
    {
        using TlsPair pair = Opened();
        pair.Pipe.Tamper = (_, bytes) =>
        {
            bytes[^1] ^= 1;
            return bytes;
        };
        Send(pair, [1, 2, 3]);
        byte[] room = new byte[10];
        Assert.That(pair.Server.Receive(PipeStack.Server, room), Is.EqualTo(new SocketResult(SocketStatus.ProtocolError, 0)));
        Assert.That(pair.Server.FailureText, Does.StartWith("TLS failed: "));
        Assert.That(pair.Server.Receive(PipeStack.Server, room).Status, Is.EqualTo(SocketStatus.ProtocolError), "it stays failed");
    }

    [Test]
    public void Receive_ReplayedRecord_Fails()
    {
        using TlsPair pair = Opened();
        pair.Pipe.Tamper = (_, bytes) => [.. bytes, .. bytes];
        Send(pair, [1, 2, 3]);
        byte[] room = new byte[10];
        Assert.That(pair.Server.Receive(PipeStack.Server, room), Is.Not.EqualTo(new SocketResult(SocketStatus.Ok, 6)));
        Assert.That(pair.Server.Receive(PipeStack.Server, room).Status, Is.EqualTo(SocketStatus.ProtocolError));
    }

    [TestCase(SocketStatus.ConnectionReset)]
    [TestCase(SocketStatus.TimedOut)]
    public void Receive_SocketFails_ReportsItsStatus(SocketStatus failure)
    {
        using TlsPair pair = Opened();
        Assert.That(pair.Server.Receive(PipeStack.Server, new byte[10]).Status, Is.EqualTo(SocketStatus.WouldBlock));
        pair.Pipe.ReceiveFailure = failure;
        Assert.That(pair.Server.Receive(PipeStack.Server, new byte[10]).Status, Is.EqualTo(failure));
    }

    [Test]
    public void Send_SocketFails_ReportsItsStatus()
    {
        using TlsPair pair = Opened();
        pair.Pipe.SendFailure = SocketStatus.BrokenPipe;
        Assert.That(SendOnce(pair, [1, 2, 3]).Status, Is.EqualTo(SocketStatus.BrokenPipe));
    }

    [Test]
    public void Send_SocketTakesPartOfARecord_ReportsItsBytesLater()
    {
        using var pair = new TlsPair(new PipeStack(windowBytes: 5_000));
        Assert.That(pair.Open(), Is.EqualTo((SocketStatus.Ok, SocketStatus.Ok)));
        pair.Pipe.Drop(PipeStack.Client); // Session tickets.
        byte[] sent = Bytes(new Random(1), 8_000);
        Assert.That(SendOnce(pair, sent).Status, Is.EqualTo(SocketStatus.WouldBlock), "no byte counts as sent before the socket has its whole record");
        Assert.That(pair.Client.HoldsOutput, Is.True);
        Assert.That(pair.Client.LeaseCount, Is.EqualTo(1));
        byte[] room = new byte[10_000];
        Assert.That(pair.Server.Receive(PipeStack.Server, room).Status, Is.EqualTo(SocketStatus.WouldBlock), "half a record");
        Assert.That(SendOnce(pair, sent), Is.EqualTo(new SocketResult(SocketStatus.Ok, 8_000)));
        Assert.That(pair.Client.HoldsOutput, Is.False);
        Assert.That(pair.Server.Receive(PipeStack.Server, room).Count, Is.EqualTo(8_000));
        Assert.That(room[..8_000], Is.EqualTo(sent));
    }

    [Test]
    public void EndSending_SocketTakesNothing_ShutsDownBehindTheNotice()
    {
        using var pair = new TlsPair(new PipeStack(windowBytes: 4_000));
        Assert.That(pair.Open(), Is.EqualTo((SocketStatus.Ok, SocketStatus.Ok)));
        SendOnce(pair, new byte[3_990]);
        pair.Client.EndSending(PipeStack.Client);
        Assert.That(pair.Client.HoldsOutput, Is.True);
        Assert.That(pair.Pipe.IsShut(PipeStack.Client), Is.False);
        byte[] room = new byte[10_000];
        pair.Server.Receive(PipeStack.Server, room);
        Assert.That(pair.Client.Flush(PipeStack.Client), Is.EqualTo(SocketStatus.Ok));
        Assert.That(pair.Pipe.IsShut(PipeStack.Client), Is.True);
        while (pair.Server.Receive(PipeStack.Server, room) is { Status: SocketStatus.Ok, Count: > 0 })
        {
        }

        Assert.That(pair.Server.IsTruncated, Is.False);
    }

    [Test]
    public void Open_Garbage_FailsWithATextAndBytesStayBounded()
    {
        using var pair = new TlsPair();
        pair.Pipe.Tamper = (_, _) => [.. "GET / HTTP/1.1\r\n\r\n"u8];
        Assert.That(pair.Client.Open(PipeStack.Client), Is.EqualTo(SocketStatus.WouldBlock));
        Assert.That(pair.Server.Open(PipeStack.Server), Is.EqualTo(SocketStatus.ProtocolError));
        Assert.That(pair.Server.FailureText, Does.StartWith("TLS failed: "));
    }

    [Test]
    public void Open_PeerSendsMoreThanAHandshakeMayTake_Fails()
    {
        using var pair = new TlsPair();

        // A handshake message of 16 MB: the announced length is plausible, and its records go on and on.
        byte[] record = new byte[5 + 16_000];
        record[0] = 22;
        record[1] = 3;
        record[2] = 1;
        record[3] = 16_000 >> 8;
        record[4] = 16_000 & 0xFF;
        record[5] = 1;
        record[6] = 0xFF;
        record[7] = 0xFF;
        record[8] = 0xFF;
        SocketStatus status = SocketStatus.WouldBlock;
        int records = 0;
        while (status == SocketStatus.WouldBlock && records < 10)
        {
            SendRaw(pair.Pipe, PipeStack.Client, record);
            records++;
            status = pair.Server.Open(PipeStack.Server);
        }

        Assert.That(status, Is.EqualTo(SocketStatus.ProtocolError));
        Assert.That(records, Is.LessThanOrEqualTo((TlsChannel.MaxHandshakeBytes / record.Length) + 1));
    }

    [TestCase(22)]
    [TestCase(23)]
    public void Receive_RecordLongerThanAllowed_FailsFromItsHeader(int type)
    {
        // A stream would rent memory for the length that is only announced.
        byte[] header = [(byte)type, 3, 3, 0xFF, 0xFF];
        using TlsPair pair = Opened();
        pair.Pipe.Deliver(PipeStack.Server, header);
        Assert.That(pair.Server.Receive(PipeStack.Server, new byte[10]).Status, Is.EqualTo(SocketStatus.ProtocolError));
        Assert.That(pair.Server.FailureText, Does.Contain("longer than allowed"));
        using var opening = new TlsPair();
        opening.Pipe.Deliver(PipeStack.Server, header);
        Assert.That(opening.Server.Open(PipeStack.Server), Is.EqualTo(SocketStatus.ProtocolError));
        Assert.That(opening.Server.FailureText, Does.Contain("longer than allowed"));
    }

    [Test]
    public void Receive_PartOfARecord_CountsTheMemoryThatItTakes()
    {
        using TlsPair pair = Opened();
        pair.Pipe.Deliver(PipeStack.Server, [23, 3, 3]);
        Assert.That(pair.Server.Receive(PipeStack.Server, new byte[10]).Status, Is.EqualTo(SocketStatus.WouldBlock));
        Assert.That(pair.Server.HeldBlockBytes, Is.Positive);
        Assert.That(pair.Client.HeldBlockBytes, Is.Zero);
    }

    [Test]
    public void Send_NoMemoryForTheRestOfARecord_FailsForGood()
    {
        using var pair = new TlsPair(new PipeStack(windowBytes: 5_000));
        Assert.That(pair.Open(), Is.EqualTo((SocketStatus.Ok, SocketStatus.Ok)));
        while (pair.Pool.TryRent(4_096, "test", out _))
        {
        }

        Assert.That(SendOnce(pair, new byte[8_000]).Status, Is.EqualTo(SocketStatus.ConnectionAborted));
        int waiting = pair.Pipe.WaitingBytes(PipeStack.Server);
        pair.Pipe.Drop(PipeStack.Server);
        Assert.That(SendOnce(pair, new byte[10]).Status, Is.EqualTo(SocketStatus.ConnectionAborted));
        pair.Client.EndSending(PipeStack.Client);
        Assert.That((waiting, pair.Pipe.WaitingBytes(PipeStack.Server)), Is.EqualTo((5_000, 0)), "nothing follows a record that lacks its end");
    }

    [Test]
    public async Task Wire_PeerSendsWithoutEnd_ReadsNoMoreThanItsBudget()
    {
        var pipe = new PipeStack();
        using var wire = new TlsWire(pipe, new NetLoop.Buffers.BufferPool()) { Socket = PipeStack.Server, MayReceive = true, Budget = 20_000 };
        byte[] records = [.. Enumerable.Repeat((byte[])[22, 3, 3, 0, 1, 0], 100_000).SelectMany(record => record)];
        pipe.Deliver(PipeStack.Server, records);
        byte[] room = new byte[1_000];
        int reads = 0;
        ValueTask<int> read = wire.ReadAsync(room);
        while (read.IsCompleted)
        {
            Assert.That(await read, Is.EqualTo(room.Length));
            reads++;
            read = wire.ReadAsync(room);
        }

        Assert.That(reads, Is.EqualTo(20), "then the loop continues, and the poller reports the socket again");
        wire.Budget = 1;
        wire.Resume();
        Assert.That(read.IsCompleted, Is.True);
    }

    [Test]
    public void Open_PeerEndsTheStream_IsNotOpenAndHasNotFailed()
    {
        using var pair = new TlsPair();
        Assert.That(pair.Server.Open(PipeStack.Server), Is.EqualTo(SocketStatus.WouldBlock));
        pair.Pipe.ShutdownSend(PipeStack.Client);
        Assert.That(pair.Server.Open(PipeStack.Server), Is.EqualTo(SocketStatus.Ok));
        Assert.That(pair.Server.IsOpen, Is.False);
    }

    [Test]
    public void Open_UntrustedCertificate_NamesTheCause()
    {
        using var other = NetLoop.Demo.Certificates.DevelopmentCertificate.Create();
        using var pair = new TlsPair(server: new TlsServer(new TlsServerOptions { Certificate = other }, timeout: 0));
        Assert.That(pair.Open().Client, Is.EqualTo(SocketStatus.ProtocolError));
        Assert.That(pair.Client.FailureText, Does.Contain("not trusted").And.Contains("UntrustedRoot"));
    }

    [Test]
    public void Release_DuringTheHandshakeAndAfter_ReturnsEverything()
    {
        var opening = new TlsPair(new PipeStack(windowBytes: 10));
        opening.Client.Open(PipeStack.Client);
        Assert.That(opening.Pool.OutstandingOwners(), Is.Not.Empty);
        opening.Dispose();
        Assert.That(opening.Pool.OutstandingOwners(), Is.Empty);
        TlsPair open = Opened();
        open.Dispose();
        Assert.That(open.Pool.OutstandingOwners(), Is.Empty);
    }

    [Test]
    public void Transfer_OneMessageAtATime_AllocatesNothing()
    {
        using TlsPair pair = Opened();
        byte[] message = Bytes(new Random(1), 100);
        byte[] room = new byte[1_000];
        void Echo()
        {
            for (int i = 0; i < 500; i++)
            {
                _ = SendFrom(pair.Client, PipeStack.Client, message);
                _ = pair.Server.Receive(PipeStack.Server, room);
                _ = SendFrom(pair.Server, PipeStack.Server, message);
                _ = pair.Client.Receive(PipeStack.Client, room);
            }
        }

        Assert.That(Allocations.Of(Echo), Is.Zero);
    }

    private static TlsPair Opened()
    {
        var pair = new TlsPair();
        Assert.That(pair.Open(), Is.EqualTo((SocketStatus.Ok, SocketStatus.Ok)));
        Assert.That(pair.Client.Receive(PipeStack.Client, new byte[10]).Status, Is.EqualTo(SocketStatus.WouldBlock), "session tickets are no data");
        return pair;
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int Send(TlsPair pair, byte[] bytes) => SendOnce(pair, bytes).Count;

    private static SocketResult SendOnce(TlsPair pair, byte[] bytes) => SendFrom(pair.Client, PipeStack.Client, bytes);

    private static unsafe SocketResult SendFrom(TlsChannel channel, SocketHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var segment = new SendSegment(new ReadOnlySpan<byte>(start, bytes.Length));
            return channel.Send(socket, new ReadOnlySpan<SendSegment>(in segment));
        }
    }

    private static unsafe void SendRaw(PipeStack pipe, SocketHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var segment = new SendSegment(new ReadOnlySpan<byte>(start, bytes.Length));
            pipe.Send(socket, new ReadOnlySpan<SendSegment>(in segment));
        }
    }

    /// <summary>One direction: sends in pieces of changing length, ends the direction, and receives to the end.</summary>
    private sealed class Transfer(TlsChannel from, SocketHandle fromSocket, TlsChannel to, SocketHandle toSocket, byte[] bytes, int roomBytes)
    {
        private readonly List<byte> _received = [];
        private readonly byte[] _room = new byte[roomBytes];
        private int _sent;
        private bool _hasEnded;
        private bool _sawEnd;

        public bool IsDone => _hasEnded && _sawEnd && !from.HoldsOutput;

        public IReadOnlyList<byte> Received => _received;

        public void Run()
        {
            if (_sent < bytes.Length)
            {
                SendPart();
            }
            else if (!_hasEnded)
            {
                _hasEnded = true;
                from.EndSending(fromSocket);
            }
            else
            {
                Assert.That(from.Flush(fromSocket), Is.AnyOf(SocketStatus.Ok, SocketStatus.WouldBlock));
            }

            if (!_sawEnd)
            {
                SocketResult result = to.Receive(toSocket, _room);
                Assert.That(result.Status, Is.AnyOf(SocketStatus.Ok, SocketStatus.WouldBlock), to.FailureText);
                _sawEnd = result is { Status: SocketStatus.Ok, Count: 0 };
                _received.AddRange(_room.AsSpan(0, result.Count));
            }
        }

        private unsafe void SendPart()
        {
            // Two segments, as a queue of two blocks gives them.
            fixed (byte* start = bytes)
            {
                int offered = Math.Min(bytes.Length - _sent, 1 + (_sent * 7 % 40_000));
                int first = offered / 3;
                Span<SendSegment> segments =
                [
                    new(new ReadOnlySpan<byte>(start + _sent, first)),
                    new(new ReadOnlySpan<byte>(start + _sent + first, offered - first)),
                ];
                SocketResult result = from.Send(fromSocket, segments);
                Assert.That(result.Status, Is.AnyOf(SocketStatus.Ok, SocketStatus.WouldBlock), from.FailureText);
                _sent += result.Count;
            }
        }
    }
}

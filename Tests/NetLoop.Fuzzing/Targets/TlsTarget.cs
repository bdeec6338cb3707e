using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Tests.Transports.Tls;
using NetLoop.Transports.Tls;

namespace NetLoop.Fuzzing.Targets;

/// <summary>
/// A TLS channel with a peer or wire that does anything. The first byte of an input selects bytes instead of a handshake, for a server or a client, or
/// an open connection on which somebody changes the records.
/// </summary>
internal sealed class TlsTarget : IFuzzTarget
{
    private const int ForServer = 0;
    private const int ForClient = 1;

    // Type, version and length of a record.
    private const int KnownBytes = 5;

    private readonly byte[] _room = new byte[64 * 1_024];
    private readonly byte[] _message = new byte[256];
    private readonly Queue<byte[]> _records = new();
    private TlsPair? _open;

    public string Name => "tls";

    public string Description => "reads TLS records, at either end of a handshake and on an open connection whose records are changed on their way";

    // A handshake takes a millisecond or two; the first one also loads the library.
    public TimeSpan FixedTime => TimeSpan.FromSeconds(2);

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        int kind = random.Below(4);
        output.Add((byte)kind);
        if (kind > ForClient)
        {
            for (int steps = 1 + random.Below(12); steps > 0; steps--)
            {
                output.Add((byte)(random.OneIn(2) ? 0 : random.Below((int)Step.Count)));
                output.Add(random.NextByte());
                output.Add(random.NextByte());
            }

            return;
        }

        for (int records = 1 + random.Below(4); records > 0; records--)
        {
            // Type, version, length: correct or nearly correct.
            int length = random.Below(200);
            output.Add(random.OneIn(8) ? random.NextByte() : (byte)(20 + random.Below(5)));
            output.Add([3, (byte)(1 + random.Below(4))]);
            output.AddBigEndian((ulong)(random.OneIn(8) ? random.Below(65_536) : length), 2);
            if (random.OneIn(2))
            {
                output.Add((byte)(1 + random.Below(24))); // The type of a handshake message, and its length.
                output.AddBigEndian((ulong)(random.OneIn(4) ? random.Below(1 << 24) : Math.Max(0, length - 4)), 3);
                length = Math.Max(0, length - 4);
            }

            for (; length > 0; length--)
            {
                output.Add(random.NextByte());
            }
        }
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        int kind = input.IsEmpty ? ForServer : input[0] & 3;
        ReadOnlySpan<byte> script = input.IsEmpty ? input : input[1..];
        if (kind <= ForClient)
        {
            OpenWith(script, isServer: kind == ForServer, probe);
        }
        else
        {
            ChangeRecords(script, probe);
        }
    }

    private static void OpenWith(ReadOnlySpan<byte> bytes, bool isServer, FuzzProbe probe)
    {
        var pair = new TlsPair();
        TlsChannel channel = isServer ? pair.Server : pair.Client;
        SocketHandle socket = isServer ? PipeStack.Server : PipeStack.Client;
        SocketStatus status = channel.Open(socket);
        FuzzProbe.Require(status == SocketStatus.WouldBlock, $"it waits for its peer, and is {status}");
        foreach (byte[] piece in bytes.ToArray().Chunk(1 + (bytes.Length / 3)))
        {
            if (status == SocketStatus.WouldBlock)
            {
                pair.Pipe.Deliver(socket, piece);
                status = channel.Open(socket);
            }
        }

        FuzzProbe.Require(!channel.IsOpen, "nobody can open a connection with a script");
        FuzzProbe.Require(status is SocketStatus.WouldBlock or SocketStatus.ProtocolError, $"it is {status}");
        FuzzProbe.Require(status == SocketStatus.WouldBlock || channel.FailureText is { Length: > 0 }, "a failure without a text");
        probe.Visit(isServer ? 0 : 1, (int)status, bytes.Length);
        probe.Visit(isServer ? 2 : 3, channel.FailureText?.GetHashCode(StringComparison.Ordinal) ?? 0, 0);
        Release(pair);
    }

    private void ChangeRecords(ReadOnlySpan<byte> script, FuzzProbe probe)
    {
        TlsPair pair = _open ?? Opened();
        _open = null;
        _records.Clear();
        pair.Pipe.Tamper = (_, bytes) =>
        {
            _records.Enqueue([.. bytes]);
            return [];
        };
        int sentBytes = 0;
        int intactBytes = 0;
        int receivedBytes = 0;
        bool isChanged = false;
        var status = SocketStatus.WouldBlock;
        while (script.Length >= 3 && status is SocketStatus.Ok or SocketStatus.WouldBlock)
        {
            var step = (Step)(script[0] % (int)Step.Count);
            int length = 1 + (script[1] % 200);
            Fill(_message.AsSpan(0, length), sentBytes);
            FuzzProbe.Require(Send(pair, _message.AsSpan(0, length)) == SocketStatus.Ok, "the sender's wire takes everything");
            sentBytes += length;
            byte[] record = _records.Dequeue();
            intactBytes = !isChanged && step is (Step.Deliver or Step.Repeat) ? sentBytes : intactBytes;
            isChanged |= step != Step.Deliver;
            Deliver(pair.Pipe, step, record, script[2]);
            status = Receive(pair, ref receivedBytes);
            FuzzProbe.Require(isChanged || receivedBytes == sentBytes, $"{receivedBytes} bytes of {sentBytes} came, and nothing was changed");
            probe.Visit(4, ((int)step * 64) + (int)status, length);
            script = script[3..];
        }

        // Authentic bytes arrive once and in order: a record that is repeated, dropped or changed ends the connection, or is still incomplete.
        FuzzProbe.Require(receivedBytes <= intactBytes, $"{receivedBytes} bytes came, and {intactBytes} were before the first change");
        FuzzProbe.Require(status != SocketStatus.ProtocolError || pair.Server.FailureText is { Length: > 0 }, "a failure without a text");
        if (isChanged || status is not (SocketStatus.Ok or SocketStatus.WouldBlock))
        {
            Release(pair);
        }
        else
        {
            _open = pair;
        }
    }

    private static void Deliver(PipeStack pipe, Step step, byte[] record, byte argument)
    {
        switch (step)
        {
            case Step.Deliver:
                pipe.Deliver(PipeStack.Server, record);
                break;

            case Step.Flip:
                record[argument * record.Length / 256] ^= (byte)(1 << (argument & 7));
                pipe.Deliver(PipeStack.Server, record);
                break;

            case Step.Drop:
                break;

            case Step.Repeat:
                pipe.Deliver(PipeStack.Server, [.. record, .. record]);
                break;

            case Step.Shorten:
                // The next record's bytes follow the cut. Its first bytes are known and might be the same as those that were cut off.
                pipe.Deliver(PipeStack.Server, record.AsSpan(..^(KnownBytes + (argument % (record.Length - KnownBytes)))));
                break;

            case Step.Insert:
                pipe.Deliver(PipeStack.Server, [argument, .. record]);
                break;

            default:
                pipe.Deliver(PipeStack.Server, record.AsSpan(..(argument % record.Length)));
                _ = pipe.ShutdownSend(PipeStack.Client);
                break;
        }
    }

    /// <summary>Receives until nothing more arrives, and checks each byte.</summary>
    private SocketStatus Receive(TlsPair pair, ref int receivedBytes)
    {
        while (true)
        {
            SocketResult result = pair.Server.Receive(PipeStack.Server, _room);
            for (int i = 0; i < result.Count; i++)
            {
                FuzzProbe.Require(_room[i] == ByteAt(receivedBytes + i), $"byte {receivedBytes + i} is not the one that was sent");
            }

            receivedBytes += result.Count;
            if (result.Count == 0)
            {
                return result.Status;
            }
        }
    }

    private static unsafe SocketStatus Send(TlsPair pair, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var segment = new SendSegment(new ReadOnlySpan<byte>(start, bytes.Length));
            return pair.Client.Send(PipeStack.Client, new ReadOnlySpan<SendSegment>(in segment)).Status;
        }
    }

    private static TlsPair Opened()
    {
        var pair = new TlsPair();
        FuzzProbe.Require(pair.Open() == (SocketStatus.Ok, SocketStatus.Ok), "a handshake that nobody disturbs succeeds");
        return pair;
    }

    private static void Release(TlsPair pair)
    {
        pair.Dispose();
        FuzzProbe.Require(pair.Pool.OutstandingOwners().Length == 0, "memory of the pool is left");
    }

    private static void Fill(Span<byte> bytes, int position)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = ByteAt(position + i);
        }
    }

    private static byte ByteAt(int position) => (byte)((position * 31) ^ (position >> 8));

    private enum Step
    {
        Deliver,
        Flip,
        Drop,
        Repeat,
        Shorten,
        Insert,
        End,
        Count,
    }
}

using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using NetLoop.Benchmarks.Codec;

namespace NetLoop.Benchmarks.Loop;

/// <summary>
/// The cost of one message between two system calls: frame, decode, inbox, handler, encode, queue. It runs without the kernel, which would hide this cost.
/// </summary>
public class LoopEcho
{
    /// <summary>A move of 31 bytes and a blob of a KiB.</summary>
    private const int BlobBytes = 1_012;

    /// <summary>Number of echoes in one call of the benchmark, which reports the time of one.</summary>
    private const int MessagesPerCall = 16_000;

    private MemoryStack _stack = null!;
    private NetServer _server = null!;
    private long _bytesPerCall;

    [Params(1, 16)]
    public int InFlight { get; set; }

    [Params(100, 1_000)]
    public int Connections { get; set; }

    [Params(false, true)]
    public bool Blobs { get; set; }

    [GlobalSetup]
    public void Open()
    {
        byte[] frame = Blobs ? Frame(new Blob(new byte[BlobBytes])) : Frame(new Move(Samples.Move));
        _bytesPerCall = (long)MessagesPerCall * frame.Length;
        _stack = new MemoryStack(Connections, [.. Enumerable.Repeat(frame, InFlight).SelectMany(bytes => bytes)]);
        _server = NetServer.Create(o =>
        {
            o.TickRate = 0;
            o.Stack = _stack;
            o.ListenTcp("127.0.0.1", 1, l => l.Hello = HelloMode.None);
        });
        _server.On<Move>((session, in move) => session.Send(move));
        _server.On<Blob>((session, in blob) => session.Send(blob));
        _server.Open();
    }

    [Benchmark(OperationsPerInvoke = MessagesPerCall)]
    public long Message()
    {
        long until = _stack.EchoedBytes + _bytesPerCall;
        while (_stack.EchoedBytes < until)
        {
            _server.Core.RunIteration();
        }

        return _stack.EchoedBytes;
    }

    private static byte[] Frame<T>(in T message)
        where T : INetMessage<T>
    {
        byte[] frame = new byte[2_048];
        var writer = new NetWriter(frame.AsSpan(sizeof(uint)));
        writer.WriteArrayHeader(3);
        writer.Write(2);
        writer.Write(T.MessageType);
        Contract.Write(ref writer, in message);
        BinaryPrimitives.WriteInt32BigEndian(frame, writer.BytesWritten);
        return frame[..(sizeof(uint) + writer.BytesWritten)];
    }
}

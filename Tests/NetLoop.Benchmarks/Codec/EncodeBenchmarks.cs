using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using MessagePack;

namespace NetLoop.Benchmarks.Codec;

/// <summary>Encodes a value into existing memory, as a session does into its send queue.</summary>
public abstract class EncodeBenchmarks<T>
    where T : INetContract<T>
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly JsonTypeInfo<T> _jsonType;
    private readonly T _value;

    private protected EncodeBenchmarks(T value, JsonTypeInfo<T> jsonType)
    {
        _value = value;
        Memory = new byte[64 * 1024];
        _jsonType = jsonType;
        _json = new(_buffer);
    }

    // By reference, as in a session: a copy of 28 bytes would cost as much as writing them.
    private protected ref readonly T Value => ref _value;

    private protected byte[] Memory { get; }

    /// <summary>Checks that all codecs do the same: the bytes are equal.</summary>
    [GlobalSetup]
    public void Check()
    {
        byte[] expected = MessagePackSerializer.Serialize(Value);
        Expect.SameBytes(expected, NetMessagePack.Serialize(Value));
        Expect.SameBytes(expected, Memory.AsSpan(0, ByHand()));
        Expect.SameBytes(expected, Memory.AsSpan(0, SerializerCodec()));
    }

    /// <summary>Code written by hand for this type: the lower bound.</summary>
    public abstract int ByHand();

    [Benchmark]
    public int NetLoop()
    {
        NetWriter writer = new(Memory);
        Contract.Write(ref writer, in Value);
        return writer.BytesWritten;
    }

    /// <summary>MessagePack-CSharp as a codec of the engine.</summary>
    [Benchmark]
    public int SerializerCodec()
    {
        NetWriter writer = new(Memory);
        MessagePackSerializerCodec.Write(ref writer, in Value);
        return writer.BytesWritten;
    }

    [Benchmark]
    public int MessagePackCSharp()
    {
        _buffer.ResetWrittenCount();
        MessagePackSerializer.Serialize(_buffer, Value);
        return _buffer.WrittenCount;
    }

    [Benchmark]
    public int SystemTextJson()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        JsonSerializer.Serialize(_json, Value, _jsonType);
        return _buffer.WrittenCount;
    }
}

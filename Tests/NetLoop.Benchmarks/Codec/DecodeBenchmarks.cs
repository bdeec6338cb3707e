using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using MessagePack;

namespace NetLoop.Benchmarks.Codec;

/// <summary>Decodes a value from untrusted bytes.</summary>
public abstract class DecodeBenchmarks<T>
    where T : struct, INetContract<T>
{
    private readonly byte[] _jsonBytes;
    private readonly JsonTypeInfo<T> _jsonType;
    private T _target;

    private protected DecodeBenchmarks(T value, JsonTypeInfo<T> jsonType)
    {
        Bytes = NetMessagePack.Serialize(value);
        _jsonBytes = JsonSerializer.SerializeToUtf8Bytes(value, jsonType);
        _jsonType = jsonType;
    }

    private protected byte[] Bytes { get; }

    // The result is stored in a field, so that the compiler cannot remove the work.
    private protected ref T Target => ref _target;

    /// <summary>Checks that all codecs do the same: the values are equal.</summary>
    [GlobalSetup]
    public void Check()
    {
        foreach (Func<bool> decode in (Func<bool>[])[ByHand, NetLoop, SerializerCodec, MessagePackCSharp, SystemTextJson])
        {
            _target = default;
            Expect.SameBytes(Bytes, decode() ? NetMessagePack.Serialize(_target) : []);
        }
    }

    /// <summary>Code written by hand for this type: the lower bound.</summary>
    public abstract bool ByHand();

    [Benchmark]
    public bool NetLoop()
    {
        NetReader reader = new(Bytes);
        return Contract.TryRead(ref reader, out _target!) && reader.TryEnd();
    }

    /// <summary>MessagePack-CSharp as a codec of the engine: with the engine's limits, and safe for input from peers.</summary>
    [Benchmark]
    public bool SerializerCodec()
    {
        NetReader reader = new(Bytes);
        return MessagePackSerializerCodec.TryRead(ref reader, out _target) && reader.TryEnd();
    }

    [Benchmark]
    public bool MessagePackCSharp()
    {
        _target = MessagePackSerializer.Deserialize<T>(Bytes);
        return true;
    }

    [Benchmark]
    public bool SystemTextJson()
    {
        _target = JsonSerializer.Deserialize(_jsonBytes, _jsonType);
        return true;
    }
}

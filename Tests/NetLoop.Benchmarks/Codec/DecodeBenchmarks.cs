using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using MessagePack;

namespace NetLoop.Benchmarks.Codec;

/// <summary>A value from bytes of which nobody knows whether they are one.</summary>
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

    // Where the value goes: a field, so that nothing of it is left out.
    private protected ref T Target => ref _target;

    /// <summary>Shows that what is compared does the same: the values are equal.</summary>
    [GlobalSetup]
    public void Check()
    {
        foreach (Func<bool> decode in (Func<bool>[])[ByHand, NetLoop, SerializerCodec, MessagePackCSharp, SystemTextJson])
        {
            _target = default;
            Expect.SameBytes(Bytes, decode() ? NetMessagePack.Serialize(_target) : []);
        }
    }

    /// <summary>What is written by hand for this type alone: the limit.</summary>
    public abstract bool ByHand();

    [Benchmark]
    public bool NetLoop()
    {
        NetReader reader = new(Bytes);
        return Contract.TryRead(ref reader, out _target!) && reader.TryEnd();
    }

    /// <summary>MessagePack-CSharp as a codec of the engine: with its limits, and safe for what peers send.</summary>
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

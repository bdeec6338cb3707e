using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="Snapshot"/>: u32 and 100 entities, into existing memory.</summary>
public class SnapshotDecodeAgain
{
    private readonly byte[] _bytes = NetMessagePack.Serialize(Samples.Snapshot);
    private readonly Entity[] _memory = new Entity[128];
    private readonly List<Entity> _list = new(128);
    private Snapshot _snapshot = new(0, new Entity[100]);

    /// <summary>Checks that all codecs do the same: the entities are equal.</summary>
    [GlobalSetup]
    public void Check()
    {
        Entity[] expected = Samples.Snapshot.Entities;
        Expect.SameItems(expected, _memory.AsSpan(0, ByHand()));
        Expect.SameItems(expected, List() < 0 ? [] : CollectionsMarshal.AsSpan(_list));
        Expect.SameItems(expected, Message() ? _snapshot.Entities : []);
    }

    /// <summary>Code written by hand for this type: the lower bound.</summary>
    [Benchmark(Baseline = true)]
    public int ByHand() => HandWritten.ReadSnapshot(_bytes, out _, _memory);

    /// <summary>The members one by one, the entities into a list.</summary>
    [Benchmark]
    public int List()
    {
        NetReader reader = new(_bytes);
        return TryReadTick(ref reader) && reader.TryReadArray(_list) && reader.TryEnd() ? _list.Count : -1;
    }

    /// <summary>The whole message, whose array has the right length.</summary>
    [Benchmark]
    public bool Message() => NetMessagePack.TryDeserializeInto(_bytes, DecodeLimits.Default, ref _snapshot, out _);

    private static bool TryReadTick(ref NetReader reader) => reader.TryReadArrayHeader(out int members) && members == 2 && reader.TryRead(out uint _);
}

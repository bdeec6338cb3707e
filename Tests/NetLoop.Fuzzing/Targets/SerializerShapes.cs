using System.Collections;
using MessagePack;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Members of all kinds that MessagePack-CSharp reads and generated contracts do not.</summary>
[MessagePackObject]
public sealed class OddShape
{
    [Key(0)]
    public int[,]? Grid { get; set; }

    [Key(1)]
    public SortedDictionary<string, object?>? Notes { get; set; }

    [Key(2)]
    public BitArray? Flags { get; set; }

    [Key(3)]
    public OddShape? Next { get; set; }

    [Key(4)]
    public object? Anything { get; set; }

    [Key(5)]
    public Dictionary<Guid, List<DateTimeOffset>>? Times { get; set; }

    [Key(6)]
    public ILookup<int, string>? Lookup { get; set; }
}

/// <summary>A map of names.</summary>
[MessagePackObject(keyAsPropertyName: true)]
public sealed class NamedShape
{
    public decimal Amount { get; set; }

    public string[][]? Rows { get; set; }

    public Lazy<NamedShape?>? Later { get; set; }

    public HashSet<(int, string)>? Set { get; set; }
}

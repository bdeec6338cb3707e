using System.Numerics;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Nested contracts whose readers have stack frames of 7 KiB and more: a few levels fill a small stack.</summary>
internal static partial class StackContracts
{
    /// <summary>Ten matrices, 640 bytes.</summary>
    [NetContract]
    public partial record struct Block(
        [property: Key(0)] Matrix4x4 M0,
        [property: Key(1)] Matrix4x4 M1,
        [property: Key(2)] Matrix4x4 M2,
        [property: Key(3)] Matrix4x4 M3,
        [property: Key(4)] Matrix4x4 M4,
        [property: Key(5)] Matrix4x4 M5,
        [property: Key(6)] Matrix4x4 M6,
        [property: Key(7)] Matrix4x4 M7,
        [property: Key(8)] Matrix4x4 M8,
        [property: Key(9)] Matrix4x4 M9);

    /// <summary>A hundred matrices, each with its own variable in the reader.</summary>
    public abstract class Blocks
    {
        [Key(10)] public Block B0 { get; set; }

        [Key(11)] public Block B1 { get; set; }

        [Key(12)] public Block B2 { get; set; }

        [Key(13)] public Block B3 { get; set; }

        [Key(14)] public Block B4 { get; set; }

        [Key(15)] public Block B5 { get; set; }

        [Key(16)] public Block B6 { get; set; }

        [Key(17)] public Block B7 { get; set; }

        [Key(18)] public Block B8 { get; set; }

        [Key(19)] public Block B9 { get; set; }
    }

    [NetContract]
    public sealed partial class DeepArray : Blocks
    {
        [Key(0)] public DeepArray? Next { get; set; }
    }

    /// <summary>Names, and initializers.</summary>
    [NetContract]
    public sealed partial class DeepMap
    {
        [Key("n")] public DeepMap? Next { get; set; }

        [Key("b0")] public Block B0 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b1")] public Block B1 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b2")] public Block B2 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b3")] public Block B3 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b4")] public Block B4 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b5")] public Block B5 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b6")] public Block B6 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b7")] public Block B7 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b8")] public Block B8 { get; set; } = new() { M1 = Matrix4x4.Identity };

        [Key("b9")] public Block B9 { get; set; } = new() { M1 = Matrix4x4.Identity };
    }

    [NetContract]
    public sealed partial class Wrap<T> : Blocks
        where T : class
    {
        [Key(0)] public T? Value { get; set; }
    }

    [NetContract]
    public sealed partial class DeepGeneric
    {
        [Key(0)] public Wrap<DeepGeneric>? Next { get; set; }
    }

    [Union(0, typeof(DeepCase))]
    public partial interface IDeep;

    [NetContract]
    public sealed partial class DeepCase : Blocks, IDeep
    {
        [Key(0)] public IDeep? Next { get; set; }
    }

    [NetContract]
    public sealed partial class DeepList : Blocks
    {
        [Key(0)] public List<DeepList>? Items { get; set; }
    }

    [NetContract]
    public sealed partial class DeepDictionary : Blocks
    {
        [Key(0)] public Dictionary<int, DeepDictionary>? Items { get; set; }
    }

    [NetContract]
    public sealed partial class DeepTuple : Blocks
    {
        [Key(0)] public Tuple<DeepTuple?>? Next { get; set; }
    }

    /// <summary>A struct, which nests through an array.</summary>
    [NetContract]
    public partial struct DeepStruct
    {
        [Key(0)] public DeepStruct[]? Items { get; set; }

        [Key(1)] public Block B0 { get; set; }

        [Key(2)] public Block B1 { get; set; }

        [Key(3)] public Block B2 { get; set; }

        [Key(4)] public Block B3 { get; set; }
    }
}

using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>The types that have a formatter in the engine, by their names.</summary>
internal static class KnownTypes
{
    public const string Formatters = "global::NetLoop.NetFormatters.";
    public const string ImmutableArray = "ImmutableArray";

    /// <summary>How the tables below name a generic type: without its parameters.</summary>
    public static readonly SymbolDisplayFormat Definition = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>Types whose display name says everything. Fixed bytes are the largest size in a fixed layout; 0: has none.</summary>
    public static readonly Dictionary<string, (string Formatter, string Wire, int FixedBytes, bool IsDirect, bool IsKey)> Simple = new()
    {
        ["bool"] = ("Boolean", "bool", 1, true, true),
        ["byte"] = ("Byte", "uint8", 2, true, true),
        ["sbyte"] = ("SByte", "int8", 2, true, true),
        ["ushort"] = ("UInt16", "uint16", 3, true, true),
        ["short"] = ("Int16", "int16", 3, true, true),
        ["char"] = ("Char", "char", 3, true, true),
        ["uint"] = ("UInt32", "uint32", 5, true, true),
        ["int"] = ("Int32", "int32", 5, true, true),
        ["ulong"] = ("UInt64", "uint64", 9, true, true),
        ["long"] = ("Int64", "int64", 9, true, true),
        ["float"] = ("Single", "float32", 5, true, true),
        ["double"] = ("Double", "float64", 9, true, true),
        ["decimal"] = ("Decimal", "decimal", 0, false, false),
        ["string"] = ("String", "string", 0, true, true),
        ["System.Half"] = ("Half", "float16", 0, false, false),
        ["System.Int128"] = ("Int128", "int128", 0, false, true),
        ["System.UInt128"] = ("UInt128", "uint128", 0, false, true),
        ["System.DateTime"] = ("DateTime", "timestamp", 0, true, true),
        ["System.DateTimeOffset"] = ("DateTimeOffset", "timestamp-offset", 0, true, true),
        ["System.TimeSpan"] = ("TimeSpan", "timespan", 0, false, true),
        ["System.DateOnly"] = ("DateOnly", "date", 0, false, true),
        ["System.TimeOnly"] = ("TimeOnly", "time", 0, false, true),
        ["System.Guid"] = ("Guid", "guid", 0, false, true),
        ["System.Version"] = ("Version", "version", 0, false, false),
        ["System.Uri"] = ("Uri", "uri", 0, false, false),
        ["byte[]"] = ("Binary", "binary", 0, false, false),
        ["System.Memory<byte>"] = ("Memory", "binary", 0, false, false),
        ["System.ReadOnlyMemory<byte>"] = ("ReadOnlyMemory", "binary", 0, false, false),
        ["NetLoop.BorrowedBytes"] = ("BorrowedBytes", "binary", 0, false, false),
        ["System.ArraySegment<byte>"] = ("ArraySegment", "binary", 0, false, false),
        ["System.Numerics.BigInteger"] = ("BigInteger", "biginteger", 0, false, false),
        ["System.Numerics.Complex"] = ("Complex", "complex", 0, false, false),
        ["System.Numerics.Vector2"] = ("Vector2", "vector2", 11, false, false),
        ["System.Numerics.Vector3"] = ("Vector3", "vector3", 16, false, false),
        ["System.Numerics.Vector4"] = ("Vector4", "vector4", 21, false, false),
        ["System.Numerics.Quaternion"] = ("Quaternion", "quaternion", 21, false, false),
        ["System.Numerics.Plane"] = ("Plane", "plane", 0, false, false),
        ["System.Numerics.Matrix3x2"] = ("Matrix3x2", "matrix3x2", 0, false, false),
        ["System.Numerics.Matrix4x4"] = ("Matrix4x4", "matrix4x4", 0, false, false),
    };

    /// <summary>Collections that are arrays on the wire; those that hash take keys only.</summary>
    public static readonly Dictionary<string, (string Formatter, bool IsSet)> Sequences = new()
    {
        ["System.Collections.Generic.List"] = ("List", false),
        ["System.Collections.Generic.IList"] = ("ListInterface", false),
        ["System.Collections.Generic.ICollection"] = ("Collection", false),
        ["System.Collections.Generic.IReadOnlyList"] = ("ReadOnlyList", false),
        ["System.Collections.Generic.IReadOnlyCollection"] = ("ReadOnlyCollection", false),
        ["System.Collections.Generic.IEnumerable"] = ("Enumerable", false),
        ["System.Collections.Generic.Queue"] = ("Queue", false),
        ["System.Collections.Generic.Stack"] = ("Stack", false),
        ["System.Collections.Generic.LinkedList"] = ("LinkedList", false),
        ["System.Collections.Generic.HashSet"] = ("HashSet", true),
        ["System.Collections.Generic.ISet"] = ("SetInterface", true),
        ["System.Collections.Generic.IReadOnlySet"] = ("ReadOnlySet", true),
        ["System.Collections.Immutable.ImmutableArray"] = (ImmutableArray, false),
        ["System.Collections.Immutable.ImmutableList"] = ("ImmutableList", false),
        ["System.Collections.Immutable.ImmutableHashSet"] = ("ImmutableHashSet", true),
    };

    /// <summary>Types with a key and a value: maps on the wire, or one pair.</summary>
    public static readonly Dictionary<string, (string Formatter, bool IsMap)> Pairs = new()
    {
        ["System.Collections.Generic.Dictionary"] = ("Dictionary", true),
        ["System.Collections.Generic.IDictionary"] = ("DictionaryInterface", true),
        ["System.Collections.Generic.IReadOnlyDictionary"] = ("ReadOnlyDictionary", true),
        ["System.Collections.Immutable.ImmutableDictionary"] = ("ImmutableDictionary", true),
        ["System.Collections.Generic.KeyValuePair"] = ("KeyValuePair", false),
    };

    /// <summary>What an absent value of one of the <see cref="Simple"/> types is, as code; null when there is no empty one.</summary>
    public static string? EmptyValue(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => "\"\"",
        IArrayTypeSymbol => "[]",
        INamedTypeSymbol named when IsUnusableByDefault(named) => $"{type.ToDisplayString(TypeParser.FullyQualified)}.Empty",
        _ => type.IsReferenceType ? null : "default",
    };

    /// <summary>Structs around an array that is null in their default, which throws when it is used.</summary>
    public static bool IsUnusableByDefault(INamedTypeSymbol type) =>
        type.ConstructedFrom.ToDisplayString(Definition) is "System.Collections.Immutable.ImmutableArray" or "System.ArraySegment";

    /// <summary>What an absent collection is, as code: an empty one, made the way that its type allows.</summary>
    public static string EmptyCollection(string formatter, string arguments) => formatter switch
    {
        "ReadOnlySet" or "SetInterface" => $"new global::System.Collections.Generic.HashSet<{arguments}>()",
        "DictionaryInterface" or "ReadOnlyDictionary" => $"new global::System.Collections.Generic.Dictionary<{arguments}>()",
        "ImmutableDictionary" => $"global::System.Collections.Immutable.ImmutableDictionary<{arguments}>.Empty",
        "Queue" or "Stack" or "LinkedList" => "new()",
        _ => "[]",
    };
}

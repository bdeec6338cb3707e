using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>The types that have a formatter in the engine, by their names.</summary>
internal static class KnownTypes
{
    public const string Formatters = "global::NetLoop.CompilerServices.NetFormatters.";
    public const string ImmutableArray = "ImmutableArray";

    private const string System = "System";
    private const string Numerics = "System.Numerics";
    private const string Collections = "System.Collections.Generic";
    private const string Immutable = "System.Collections.Immutable";

    /// <summary>Types that are a single value on the wire. The fixed bytes are the largest size in a fixed layout; 0: no fixed layout.</summary>
    public static readonly Dictionary<string, SimpleType> Simple = new()
    {
        ["Boolean"] = new(System, "Boolean", "bool", 1, true, true),
        ["Byte"] = new(System, "Byte", "uint8", 2, true, true),
        ["SByte"] = new(System, "SByte", "int8", 2, true, true),
        ["UInt16"] = new(System, "UInt16", "uint16", 3, true, true),
        ["Int16"] = new(System, "Int16", "int16", 3, true, true),
        ["Char"] = new(System, "Char", "char", 3, true, true),
        ["UInt32"] = new(System, "UInt32", "uint32", 5, true, true),
        ["Int32"] = new(System, "Int32", "int32", 5, true, true),
        ["UInt64"] = new(System, "UInt64", "uint64", 9, true, true),
        ["Int64"] = new(System, "Int64", "int64", 9, true, true),
        ["Single"] = new(System, "Single", "float32", 5, true, true),
        ["Double"] = new(System, "Double", "float64", 9, true, true),
        ["Decimal"] = new(System, "Decimal", "decimal", 0, false, false),
        ["String"] = new(System, "String", "string", 0, true, true),
        ["Half"] = new(System, "Half", "float16", 0, false, false),
        ["Int128"] = new(System, "Int128", "int128", 0, false, true),
        ["UInt128"] = new(System, "UInt128", "uint128", 0, false, true),
        ["DateTime"] = new(System, "DateTime", "timestamp", 0, true, true),
        ["DateTimeOffset"] = new(System, "DateTimeOffset", "timestamp-offset", 0, true, true),
        ["TimeSpan"] = new(System, "TimeSpan", "timespan", 0, false, true),
        ["DateOnly"] = new(System, "DateOnly", "date", 0, false, true),
        ["TimeOnly"] = new(System, "TimeOnly", "time", 0, false, true),
        ["Guid"] = new(System, "Guid", "guid", 0, false, true),
        ["Version"] = new(System, "Version", "version", 0, false, false),
        ["Uri"] = new(System, "Uri", "uri", 0, false, false),
        ["BorrowedBytes"] = new("NetLoop", "BorrowedBytes", "binary", 0, false, false),
        ["BigInteger"] = new(Numerics, "BigInteger", "biginteger", 0, false, false),
        ["Complex"] = new(Numerics, "Complex", "complex", 0, false, false),
        ["Vector2"] = new(Numerics, "Vector2", "vector2", 11, false, false),
        ["Vector3"] = new(Numerics, "Vector3", "vector3", 16, false, false),
        ["Vector4"] = new(Numerics, "Vector4", "vector4", 21, false, false),
        ["Quaternion"] = new(Numerics, "Quaternion", "quaternion", 21, false, false),
        ["Plane"] = new(Numerics, "Plane", "plane", 0, false, false),
        ["Matrix3x2"] = new(Numerics, "Matrix3x2", "matrix3x2", 0, false, false),
        ["Matrix4x4"] = new(Numerics, "Matrix4x4", "matrix4x4", 0, false, false),
    };

    /// <summary>Sequences of bytes: generic types with the argument byte.</summary>
    private static readonly Dictionary<string, SimpleType> Bytes = new()
    {
        ["Memory"] = new(System, "Memory", "binary", 0, false, false),
        ["ReadOnlyMemory"] = new(System, "ReadOnlyMemory", "binary", 0, false, false),
        ["ArraySegment"] = new(System, "ArraySegment", "binary", 0, false, false),
    };

    private static readonly SimpleType ByteArray = new(System, "Binary", "binary", 0, false, false);

    /// <summary>Collections that are arrays on the wire; sets accept only key types.</summary>
    public static readonly Dictionary<string, (string Space, string Formatter, bool IsSet)> Sequences = new()
    {
        ["List"] = (Collections, "List", false),
        ["IList"] = (Collections, "ListInterface", false),
        ["ICollection"] = (Collections, "Collection", false),
        ["IReadOnlyList"] = (Collections, "ReadOnlyList", false),
        ["IReadOnlyCollection"] = (Collections, "ReadOnlyCollection", false),
        ["IEnumerable"] = (Collections, "Enumerable", false),
        ["Queue"] = (Collections, "Queue", false),
        ["Stack"] = (Collections, "Stack", false),
        ["LinkedList"] = (Collections, "LinkedList", false),
        ["HashSet"] = (Collections, "HashSet", true),
        ["ISet"] = (Collections, "SetInterface", true),
        ["IReadOnlySet"] = (Collections, "ReadOnlySet", true),
        ["ImmutableArray"] = (Immutable, ImmutableArray, false),
        ["ImmutableList"] = (Immutable, "ImmutableList", false),
        ["ImmutableHashSet"] = (Immutable, "ImmutableHashSet", true),
    };

    /// <summary>Types with a key and a value: maps on the wire, or one pair.</summary>
    public static readonly Dictionary<string, (string Space, string Formatter, bool IsMap)> Pairs = new()
    {
        ["Dictionary"] = (Collections, "Dictionary", true),
        ["IDictionary"] = (Collections, "DictionaryInterface", true),
        ["IReadOnlyDictionary"] = (Collections, "ReadOnlyDictionary", true),
        ["ImmutableDictionary"] = (Immutable, "ImmutableDictionary", true),
        ["KeyValuePair"] = (Collections, "KeyValuePair", false),
    };

    /// <summary>The entry of a type that is one value.</summary>
    public static SimpleType? FindSimple(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { IsSZArray: true, ElementType.SpecialType: SpecialType.System_Byte } => ByteArray,
        INamedTypeSymbol { Arity: 0 } when Simple.TryGetValue(type.Name, out SimpleType? simple) && type.Is(simple.Space, type.Name) => simple,
        INamedTypeSymbol { TypeArguments: [{ SpecialType: SpecialType.System_Byte }] } when Bytes.TryGetValue(type.Name, out SimpleType? bytes)
            && type.Is(bytes.Space, type.Name) => bytes,
        _ => null,
    };

    /// <summary>The formatter of a collection that is an array on the wire; a set accepts only key types.</summary>
    public static (string Formatter, bool IsSet)? FindSequence(INamedTypeSymbol type) =>
        type.Arity == 1 && Sequences.TryGetValue(type.Name, out var found) && type.Is(found.Space, type.Name) ? (found.Formatter, found.IsSet) : null;

    /// <summary>The formatter of a type with a key and a value: a map on the wire, or one pair.</summary>
    public static (string Formatter, bool IsMap)? FindPairs(INamedTypeSymbol type) =>
        type.Arity == 2 && Pairs.TryGetValue(type.Name, out var found) && type.Is(found.Space, type.Name) ? (found.Formatter, found.IsMap) : null;

    /// <summary>The value of an absent member whose type is a single value, as code; null if there is no empty value.</summary>
    public static string? EmptyValue(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => "\"\"",
        IArrayTypeSymbol => "[]",
        INamedTypeSymbol named when IsUnusableByDefault(named) => $"{type.ToDisplayString(TypeParser.FullyQualified)}.Empty",
        _ => type.IsReferenceType ? null : "default",
    };

    /// <summary>Whether a type is a struct around an array that is null by default, so that using it throws.</summary>
    public static bool IsUnusableByDefault(INamedTypeSymbol type) =>
        type.Arity == 1 && (type.Is(Immutable, ImmutableArray) || type.Is(System, "ArraySegment"));

    /// <summary>The value of an absent collection, as code: an empty one, created the way its type requires.</summary>
    public static string EmptyCollection(string formatter, string arguments) => formatter switch
    {
        "ReadOnlySet" or "SetInterface" => $"new global::System.Collections.Generic.HashSet<{arguments}>()",
        "DictionaryInterface" or "ReadOnlyDictionary" => $"new global::System.Collections.Generic.Dictionary<{arguments}>()",
        "ImmutableDictionary" => $"global::System.Collections.Immutable.ImmutableDictionary<{arguments}>.Empty",
        "Queue" or "Stack" or "LinkedList" => "new()",
        _ => "[]",
    };
}

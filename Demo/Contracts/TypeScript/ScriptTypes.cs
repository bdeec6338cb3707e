using System.Globalization;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>Finds the code of each wire type in a script.</summary>
/// <param name="names">The names of the contracts in the script.</param>
/// <param name="int64">How 64-bit integers are represented.</param>
internal sealed class ScriptTypes(ScriptNames names, Int64Form int64)
{
    /// <summary>Describes a type.</summary>
    /// <exception cref="FormatException">The description was written by a newer NetLoop, and names a type that this version does not know.</exception>
    public ScriptType Find(WireType type)
    {
        ScriptType found = FindNotNull(type);
        return type.IsNullable
            ? new ScriptType(
                $"{found.Type} | null", "null", $"writer.nullable({{0}}, (some) => {found.WriteOf("some")})", $"reader.nullable(() => {found.Read})")
            : found;
    }

    private ScriptType FindNotNull(WireType type)
    {
        if (type.IsContract)
        {
            string name = names.Of(type.Name);
            return new ScriptType(name, null, $"{name}.write(writer, {{0}})", $"{name}.read(reader)");
        }

        return type switch
        {
            { Name: "array", Arguments: [var element] } => Array(Find(element)),
            { Name: "map", Arguments: [var key, var value] } => Map(Find(key), Find(value)),
            { Name: "tuple", Arguments: [_, ..] items } => Tuple([.. items.Select(Find)]),
            { Arguments: [] } => Simple(type.Name),
            _ => throw Unknown(type.Name),
        };
    }

    private static ScriptType Array(ScriptType element)
    {
        string type = element.Type.Contains(" | ", StringComparison.Ordinal) ? $"({element.Type})[]" : $"{element.Type}[]";
        return new ScriptType(type, "[]", $"writer.array({{0}}, (item) => {element.WriteOf("item")})", $"reader.array(() => {element.Read})");
    }

    private static ScriptType Map(ScriptType key, ScriptType value) => new(
        $"Map<{key.Type}, {value.Type}>",
        "new Map()",
        $"writer.map({{0}}, (key) => {key.WriteOf("key")}, (value) => {value.WriteOf("value")})",
        $"reader.map(() => {key.Read}, () => {value.Read})");

    // On the wire, a tuple has exactly its items.
    private static ScriptType Tuple(IReadOnlyList<ScriptType> items)
    {
        string count = items.Count.ToString(CultureInfo.InvariantCulture);
        string type = $"[{string.Join(", ", items.Select(item => item.Type))}]";
        string parts = string.Join(", ", items.Select((_, index) => $"item{index}"));
        string writes = string.Join(" ", items.Select((item, index) => $"{item.WriteOf($"item{index}")};"));
        string? missing = items.All(item => item.Missing is not null) ? $"[{string.Join(", ", items.Select(item => item.Missing))}]" : null;
        return new ScriptType(
            type,
            missing,
            $"writer.tuple({{0}}, ([{parts}]) => {{ {writes} }})",
            $"reader.tuple({count}, ()‹: {type}› => [{string.Join(", ", items.Select(item => item.Read))}])");
    }

    private ScriptType Simple(string name) => name switch
    {
        "bool" => Called("boolean", "false", name),
        "uint8" or "uint16" or "uint32" or "int8" or "int16" or "int32" or "float32" or "float64" => Called("number", "0", name),
        "float16" => Called("number", "0", "float32"),
        "uint64" => Wide(name),
        "int64" or "timespan" or "time" => Wide("int64"),
        "date" => Called("number", "0", "int32"),
        "char" => Called("string", "\"\\0\"", name),
        "string" => Called("string", "\"\"", name),
        "decimal" => Called("string", "\"0\"", "string"),
        "guid" => Called("string", "\"00000000-0000-0000-0000-000000000000\"", "string"),
        "version" or "uri" => Called("string", null, "string"),
        "binary" => Called("Uint8Array", "new Uint8Array(0)", name),
        "biginteger" => Called("bigint", "0n", "bigInteger"),
        "int128" => new ScriptType("bigint", "0n", "writer.int128({0}, true)", "reader.int128(true)"),
        "uint128" => new ScriptType("bigint", "0n", "writer.int128({0}, false)", "reader.int128(false)"),
        "timestamp" => Called("Date", "new Timestamp(-62135596800000)", name),
        "timestamp-offset" => Called("DateWithOffset", "{ time: new Timestamp(-62135596800000), offsetMinutes: 0 }", "timestampOffset"),
        "complex" => Floats(2, bits: 64),
        "vector2" => Floats(2),
        "vector3" => Floats(3),
        "vector4" or "quaternion" or "plane" => Floats(4),
        "matrix3x2" => Floats(6),
        "matrix4x4" => Floats(16),
        _ => throw Unknown(name),
    };

    private ScriptType Wide(string name) => int64 == Int64Form.BigInt
        ? new ScriptType("bigint", "0n", $"writer.{name}({{0}})", $"reader.{name}()")
        : new ScriptType("number", "0", $"writer.{name}({{0}})", $"reader.{name}AsNumber()");

    private static ScriptType Called(string type, string? missing, string name) => new(type, missing, $"writer.{name}({{0}})", $"reader.{name}()");

    // A tuple, so that the compiler reports a missing number.
    private static ScriptType Floats(int count, int bits = 32)
    {
        string number = count.ToString(CultureInfo.InvariantCulture);
        string type = $"[{string.Join(", ", Enumerable.Repeat("number", count))}]";
        string zeros = $"[{string.Join(", ", Enumerable.Repeat("0", count))}]";
        return new ScriptType(type, zeros, $"writer.floats({{0}}, {number}, {bits})", $"reader.floats({number}, {bits})‹ as {type}›");
    }

    private static FormatException Unknown(string name) => new($"'{name}' is a type that this version of netloop does not know");
}

namespace NetLoop.Tests.Generators.Shapes;

internal static partial class ShapeTable
{
    private static readonly (string Type, string Value)[] Simple =
    [
        ("bool", "true"), ("byte", "200"), ("sbyte", "-100"), ("ushort", "60000"), ("short", "-30000"), ("char", "'x'"), ("uint", "4000000000"), ("int", "-5"),
        ("ulong", "ulong.MaxValue"), ("long", "long.MinValue"), ("float", "1.5f"), ("double", "1.5"), ("decimal", "1.50m"), ("Half", "(Half)1.5f"),
        ("Int128", "Int128.MinValue"),
        ("UInt128", "UInt128.MaxValue"), ("DateTime", "new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)"),
        ("DateTimeOffset", "new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))"),
        ("TimeSpan", "TimeSpan.FromSeconds(5)"), ("DateOnly", "new DateOnly(2026, 1, 2)"), ("TimeOnly", "new TimeOnly(3, 4)"),
        ("Guid", "new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)"),
        ("BigInteger", "BigInteger.Pow(3, 100)"), ("Complex", "new Complex(1, 2)"), ("Vector2", "new Vector2(1, 2)"), ("Vector3", "new Vector3(1, 2, 3)"),
        ("Vector4", "new Vector4(1, 2, 3, 4)"),
        ("Quaternion", "new Quaternion(1, 2, 3, 4)"), ("Plane", "new Plane(1, 2, 3, 4)"), ("Matrix3x2", "Matrix3x2.Identity"),
        ("Matrix4x4", "Matrix4x4.Identity"),
        ("Memory<byte>", "new byte[] { 1 }"), ("ReadOnlyMemory<byte>", "new byte[] { 1 }"), ("ArraySegment<byte>", "new ArraySegment<byte>([1])"),
        ("DayOfWeek", "DayOfWeek.Friday"),
        ("(int, string)", "(5, \"x\")"), ("KeyValuePair<int, string>", "new KeyValuePair<int, string>(5, \"x\")"),
        ("ValueTuple<int>", "new ValueTuple<int>(5)"),
    ];

    private static readonly (string Type, string Value)[] References =
    [
        ("string", "\"x\""), ("byte[]", "[1]"), ("Version", "new Version(1, 2)"), ("Uri", "new Uri(\"http://x/\")"),
        ("Tuple<int, string>", "Tuple.Create(5, \"x\")"), ("Tuple<int>", "Tuple.Create(5)"),
        ("int[]", "[1]"), ("List<int>", "[1]"), ("int[][]", "[[1]]"), ("Dictionary<int, string>", "new() { [1] = \"x\" }"),
    ];

    private static readonly string[] Keys =
    [
        "bool", "byte", "sbyte", "ushort", "short", "char", "uint", "int", "ulong", "long", "float", "double", "string", "Int128", "UInt128", "DateTime",
        "DateTimeOffset", "TimeSpan", "DateOnly", "TimeOnly",
        "Guid", "DayOfWeek",
    ];

    private static readonly (string Type, string Value)[] CollectionTypes =
    [
        ("IList<{0}>", "new List<{0}> {{ {1} }}"), ("ICollection<{0}>", "new List<{0}> {{ {1} }}"), ("IReadOnlyList<{0}>", "new List<{0}> {{ {1} }}"),
        ("IReadOnlyCollection<{0}>", "new List<{0}> {{ {1} }}"),
        ("IEnumerable<{0}>", "new List<{0}> {{ {1} }}"), ("Queue<{0}>", "new Queue<{0}>([{1}])"), ("Stack<{0}>", "new Stack<{0}>([{1}])"),
        ("LinkedList<{0}>", "new LinkedList<{0}>([{1}])"),
        ("ImmutableArray<{0}>", "[{1}]"), ("ImmutableList<{0}>", "[{1}]"), ("HashSet<{0}>", "[{1}]"), ("ISet<{0}>", "new HashSet<{0}> {{ {1} }}"),
        ("IReadOnlySet<{0}>", "new HashSet<{0}> {{ {1} }}"),
        ("ImmutableHashSet<{0}>", "[{1}]"), ("List<{0}>", "[{1}]"), ("{0}[]", "[{1}]"), ("IDictionary<{0}, int>", "new Dictionary<{0}, int> {{ [{1}] = 1 }}"),
        ("IReadOnlyDictionary<{0}, int>", "new Dictionary<{0}, int> {{ [{1}] = 1 }}"),
        ("ImmutableDictionary<{0}, int>", "ImmutableDictionary<{0}, int>.Empty.Add({1}, 1)"), ("Dictionary<{0}, int>", "new() {{ [{1}] = 1 }}"),
    ];

    private static IEnumerable<Shape> SimpleTypes() =>
    [
        .. Simple.Select(type => Works(
            $"{type.Type}: alone, nullable, in a list, by a constructor",
            $"[NetContract] public partial class A {{ [Key(0)] public {type.Type} X {{ get; set; }} [Key(1)] public {type.Type}? Y; [Key(2)] public "
                + $"List<{type.Type}> Z = []; [Key(3)] public {type.Type}?[] V {{ get; init; }} = []; }}",
            $"new A {{ X = {type.Value}, Y = {type.Value}, Z = [{type.Value}], V = [{type.Value}, null] }}")),
        .. References.Select(type => Works(
            $"{type.Type}: alone, nullable, in a list, by a constructor",
            $"[NetContract] public partial record A([property: Key(0)] {type.Type} X, [property: Key(1)] {type.Type}? Y, [property: Key(2)] "
                + $"List<{type.Type}> Z, [property: Key(3)] {type.Type}?[] V);",
            $"new A({type.Value}, null, [{type.Value}], [{type.Value}, null])")),
        Works("bytes on loan", "[NetContract] public partial record struct A([property: Key(0)] BorrowedBytes X);", "new A(new byte[] { 1 })", "91C40101"),
        Works(
            "lists of one-element tuples",
            "[NetContract] public partial class A { [Key(0)] public List<ValueTuple<string>> X = []; [Key(1)] public ValueTuple<int> Y; }",
            "new A { X = [new(\"x\")], Y = new(5) }",
            "929191A1789105"),
        Works(
            "tuples of seven",
            "[NetContract] public partial class A { [Key(0)] public (int, int, int, int, int, int, int) X; [Key(1)] public Tuple<int, int, int, int, "
                + "int, int, int>? Y; }",
            "new A { X = (1, 2, 3, 4, 5, 6, 7) }",
            "929701020304050607C0"),
        Works(
            "tuples of eight",
            "[NetContract] public partial class A { [Key(0)] public (int, int, int, int, int, int, int, string?) X; [Key(1)] public Tuple<int, int, "
                + "int, int, int, int, int, Tuple<int, int>>? Y; }",
            "new A { X = (1, 2, 3, 4, 5, 6, 7, \"x\"), Y = new(1, 2, 3, 4, 5, 6, 7, new(8, 9)) }",
            "92980102030405060791A1789801020304050607920809"),
        Works(
            "tuples of sixteen",
            "[NetContract] public partial record A([property: Key(0)] List<(int, int, int, int, int, int, int, int, int, int, int, int, int, int, "
                + "int, string)> X);",
            "new A([(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, \"x\")])"),
        Works(
            "an absent tuple of eight",
            "[NetContract] public partial class A { [Key(0)] public int V; [Key(1)] public (int, int, int, int, int, int, int, string) X = (1, 2, 3, "
                + "4, 5, 6, 7, \"x\"); } [NetContract] public partial record B([property: Key(0)] int V, [property: Key(1)] (int, int, int, int, "
                    + "int, int, int, string, List<int>) X);",
            "new B(5, (1, 2, 3, 4, 5, 6, 7, \"x\", []))"),
        Works(
            "named tuples",
            "[NetContract] public partial class A { [Key(0)] public (int Left, string? Right) X; [Key(1)] public List<(int A, (int B, int C) D)> Y = []; }",
            "new A { X = (1, null), Y = [(1, (2, 3))] }",
            "92920" + "1C0919201920203".Replace("0203", "0203", StringComparison.Ordinal)) with { Wire = "929201C09192019202" + "03" },
    ];

    private static IEnumerable<Shape> Collections() =>
    [
        .. CollectionTypes.Select(collection => Works(
            $"{string.Format(System.Globalization.CultureInfo.InvariantCulture, collection.Type, "T")}: alone, nullable, absent",
            $"[NetContract] public partial class A {{ [Key(0)] public {Of(collection.Type, "string")} X {{ get; set; }} = "
                + $"{Of(collection.Value, "string", "\"x\"")}; [Key(1)] public {Of(collection.Type, "int")}? Y; }}",
            $"new A {{ Y = {Of(collection.Value, "int", "5")} }}")),
        .. Keys.Select(key => Works(
            $"{key} as a key",
            $"[NetContract] public partial class A {{ [Key(0)] public Dictionary<{key}, int> X = []; [Key(1)] public HashSet<{key}> Y = []; }}",
            $"new A {{ X = new() {{ [{(key == "string" ? "\"\"" : "default")}] = 5 }} }}")),
        Works(
            "lists in lists in lists",
            "[NetContract] public partial class A { [Key(0)] public List<List<List<int[]?>?>?>? X; }",
            "new A { X = [[[[5], null], null], null] }",
            "9193".Length == 4 ? "91929292" + "9105C0C0C0" : ""),
        Works(
            "dictionaries in dictionaries",
            "[NetContract] public partial class A { [Key(0)] public Dictionary<string, Dictionary<int, string?>?>? X; }",
            "new A { X = new() { [\"x\"] = new() { [1] = null } } }",
            "9181A1788101C0"),
        Works(
            "contracts in all places",
            "[NetContract] public partial struct P { [Key(0)] public int X; } [NetContract] public partial class A { [Key(0)] public P[] X = []; "
                + "[Key(1)] public Dictionary<int, P?> Y = []; [Key(2)] public (P, P?) Z; }",
            "new A { X = [new P { X = 5 }], Y = new() { [1] = null } }",
            "939191058101C0929100C0"),
    ];

    private static IEnumerable<Shape> Enums() => new[] { "byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong" }.Select(type => Works(
        $"an enum of {type}, its smallest and largest as defaults",
        $"public enum E : {type} {{ Min = {type}.MinValue, Max = {type}.MaxValue }} [NetContract] public partial record A([property: Key(0)] E X = "
            + "E.Min, [property: Key(1)] E Y = E.Max, [property: Key(2)] E? Z = null);",
        "new A()"));

    private static IEnumerable<Shape> Defaults() => new (string Type, string Value)[]
    {
        ("bool", "true"), ("char", "'\\''"), ("char", "'\\uFFFF'"), ("byte", "255"), ("sbyte", "-128"), ("short", "short.MinValue"),
        ("ushort", "ushort.MaxValue"), ("int", "int.MinValue"), ("uint", "uint.MaxValue"),
        ("long", "long.MinValue"), ("ulong", "ulong.MaxValue"), ("float", "float.NaN"), ("float", "float.NegativeInfinity"), ("float", "float.Epsilon"),
        ("double", "double.PositiveInfinity"), ("double", "double.MinValue"),
        ("double", "-0.0"), ("decimal", "decimal.MinValue"), ("decimal", "0.10m"), ("string", "\"\\\"\\\\\\n{x}\""), ("string?", "null"), ("int?", "5"),
        ("int?", "null"), ("DateTime", "default"), ("Guid", "default"),
        ("DayOfWeek", "DayOfWeek.Friday"), ("DayOfWeek?", "(DayOfWeek)77"), ("List<int>?", "null"), ("Vector3", "default"),
    }.Select(@default =>
        Works(
            $"the default {@default.Value} of a {@default.Type}",
            $"[NetContract] public partial record A([property: Key(0)] {@default.Type} X = {@default.Value});",
            "new A()"));

    private static string Of(string format, params object[] parts) => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, parts);
}

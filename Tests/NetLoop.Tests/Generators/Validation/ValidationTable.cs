namespace NetLoop.Tests.Generators.Validation;

/// <summary>Every attribute on every type that it supports: at, below and above each limit.</summary>
internal static class ValidationTable
{
    public static IReadOnlyList<ValidationCase> Cases { get; } =
    [
        // Lengths of text: characters, not bytes.
        new("string", "MaxLength(3)", ["\"\"", "\"abc\"", "\"äöü\"", "\"€€€\""], ["\"abcd\"", "\"ääää\"", "new string('x', 1000)", "\"€€€€\""]),
        new("string", "MaxLength(2)", ["\"😀\""], ["\"😀a\""]),
        new("string", "MinLength(2)", ["\"ab\"", "\"äö\"", "\"abc\""], ["\"\"", "\"a\"", "\"ä\"", "\"€\""]),
        new("string", "Length(2, 3)", ["\"ab\"", "\"abc\""], ["\"a\"", "\"abcd\""]),
        new("string", "StringLength(3)", ["\"\"", "\"abc\""], ["\"abcd\""]),
        new("string", "StringLength(0)", ["\"\""], ["\"a\""]),
        new("string", "StringLength(3, MinimumLength = 2)", ["\"ab\"", "\"abc\""], ["\"a\"", "\"abcd\""]),
        new("string", "MaxLength", ["\"\"", "new string('x', 1000)"], []),
        new("string", "MinLength(2), MaxLength(3)", ["\"ab\"", "\"abc\""], ["\"a\"", "\"abcd\""]),
        new("string?", "MaxLength(3)", ["null", "\"abc\""], ["\"abcd\""]),
        new("string?", "MinLength(2)", ["null", "\"ab\""], ["\"\"", "\"a\""]),
        new("string?", "Length(2, 3), Required", ["\"ab\"", "\"abc\""], ["null", "\"a\"", "\"abcd\"", "\"  \""]),
        new("string", "Required", ["\"a\"", "\" a\""], ["\"\"", "\" \"", "\"\\t\\u00a0\""]),
        new("string?", "Required", ["\"a\""], ["null", "\"\"", "\" \""]),
        new("string?", "Required(AllowEmptyStrings = true)", ["\"a\"", "\"\"", "\" \""], ["null"]),
        new("string", "Required(AllowEmptyStrings = true)", ["\"a\"", "\"\""], []),

        // Lengths of collections.
        new("int[]", "MaxLength(2)", ["[]", "[1, 2]"], ["[1, 2, 3]", "new int[40]"]),
        new("int[]", "MinLength(1)", ["[1]", "[1, 2]"], ["[]"]),
        new("int[]?", "Length(1, 2)", ["null", "[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("int[]?", "Length(1, 2), Required", ["[1]", "[1, 2]"], ["null", "[]", "[1, 2, 3]"]),
        new("List<string>", "Length(1, 2)", ["[\"a\"]", "[\"a\", \"b\"]"], ["[]", "[\"a\", \"b\", \"c\"]"]),
        new("IList<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("ICollection<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("IReadOnlyList<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("IReadOnlyCollection<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("IEnumerable<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("IEnumerable<int>?", "Length(1, 2)", ["null", "[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("Queue<int>", "Length(1, 2)", ["new([1])", "new([1, 2])"], ["new()", "new([1, 2, 3])"]),
        new("Stack<int>", "Length(1, 2)", ["new([1])", "new([1, 2])"], ["new()", "new([1, 2, 3])"]),
        new("LinkedList<int>", "Length(1, 2)", ["new([1])", "new([1, 2])"], ["new()", "new([1, 2, 3])"]),
        new("HashSet<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("ISet<int>", "Length(1, 2)", ["new HashSet<int> { 1 }", "new HashSet<int> { 1, 2 }"], ["new HashSet<int>()", "new HashSet<int> { 1, 2, 3 }"]),
        new(
            "IReadOnlySet<int>", "Length(1, 2)", ["new HashSet<int> { 1 }", "new HashSet<int> { 1, 2 }"],
            ["new HashSet<int>()", "new HashSet<int> { 1, 2, 3 }"]),
        new("ImmutableArray<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]", "default"]),
        new("ImmutableArray<int>", "MaxLength(2)", ["[1]", "[1, 2]", "[]", "default"], ["[1, 2, 3]"]),
        new("ImmutableArray<int>?", "Length(1, 2)", ["null", "[1]", "[1, 2]"], ["[1, 2, 3]"]),
        new("ImmutableList<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new("ImmutableHashSet<int>", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
        new(
            "Dictionary<string, int>", "Length(1, 2)",
            ["new() { [\"a\"] = 1 }", "new() { [\"a\"] = 1, [\"b\"] = 2 }"],
            ["new()", "new() { [\"a\"] = 1, [\"b\"] = 2, [\"c\"] = 3 }"]),
        new(
            "IDictionary<int, int>", "Length(1, 2)",
            ["new Dictionary<int, int> { [1] = 1 }"],
            ["new Dictionary<int, int>()", "Enumerable.Range(0, 3).ToDictionary(x => x)"]),
        new(
            "IReadOnlyDictionary<int, int>", "Length(1, 2)", ["new Dictionary<int, int> { [1] = 1 }"],
            ["new Dictionary<int, int>()", "Enumerable.Range(0, 3).ToDictionary(x => x)"]),
        new(
            "ImmutableDictionary<int, int>", "Length(1, 2)", ["ImmutableDictionary<int, int>.Empty.Add(1, 1)"],
            ["ImmutableDictionary<int, int>.Empty", "Enumerable.Range(0, 3).ToImmutableDictionary(x => x)"]),
        new("byte[]", "Length(1, 2)", ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]", "new byte[300]", "new byte[70000]"]),
        new("Memory<byte>", "Length(1, 2)", ["new byte[1]", "new byte[2]"], ["default", "new byte[3]"]),
        new("ReadOnlyMemory<byte>", "Length(1, 2)", ["new byte[1]", "new byte[2]"], ["default", "new byte[3]"]),
        new(
            "ReadOnlyMemory<byte>?", "Length(1, 2)", ["default(ReadOnlyMemory<byte>?)", "new byte[1]", "new byte[2]"],
            ["ReadOnlyMemory<byte>.Empty", "new byte[3]"]),
        new(
            "ArraySegment<byte>", "Length(1, 2)", ["new ArraySegment<byte>(new byte[1])", "new ArraySegment<byte>(new byte[2])"],
            ["default(ArraySegment<byte>)", "new ArraySegment<byte>(new byte[3])"]),
        new("BorrowedBytes", "Length(1, 2)", ["new byte[1]", "new byte[2]"], ["default", "new byte[3]"]),

        // Ranges.
        new("int", "Range(1, 10)", ["1", "10", "5"], ["0", "11", "int.MinValue", "int.MaxValue"]),
        new("int?", "Range(1, 10)", ["null", "1", "10"], ["0", "11"]),
        new("int?", "Range(1, 10), Required", ["1", "10"], ["null", "0", "11"]),
        new("int", "Range(1, 10, MinimumIsExclusive = true, MaximumIsExclusive = true)", ["2", "9"], ["1", "10"]),
        new("int", "Range(0.5, 2.5)", ["1", "2"], ["0", "3"]),
        new("int", "Range(1.0, 3.0, MinimumIsExclusive = true)", ["2", "3"], ["1", "4"]),
        new("int", "Range(typeof(int), \"-5\", \"5\")", ["-5", "5"], ["-6", "6"]),
        new("int", "Range(typeof(decimal), \"-5.5\", \"5.5\")", ["-5", "5"], ["-6", "6"]),
        new("int", "Range(0, double.PositiveInfinity)", ["0", "int.MaxValue"], ["-1"]),
        new("int", "Range(double.MinValue, double.MaxValue)", ["0", "int.MinValue", "int.MaxValue"], []),
        new("byte", "Range(1, 254)", ["1", "254"], ["0", "255"]),
        new("byte", "Range(1, 1000)", ["1", "255"], ["0"]),
        new("sbyte", "Range(-127, 126)", ["-127", "126"], ["-128", "127"]),
        new("short", "Range(-5, 5)", ["-5", "5"], ["-6", "6"]),
        new("ushort", "Range(1, 5)", ["1", "5"], ["0", "6"]),
        new("char", "Range('a', 'z')", ["'a'", "'z'"], ["'`'", "'{'"]),
        new("char?", "Range('a', 'z')", ["null", "'a'", "'z'"], ["'`'", "'{'"]),
        new("uint", "Range(typeof(uint), \"1\", \"4294967294\")", ["1", "4294967294"], ["0", "4294967295"]),
        new(
            "long", "Range(typeof(long), \"-9223372036854775807\", \"9223372036854775806\")",
            ["-9223372036854775807", "9223372036854775806"],
            ["long.MinValue", "long.MaxValue"]),
        new("ulong", "Range(typeof(ulong), \"1\", \"18446744073709551614\")", ["1", "18446744073709551614"], ["0", "ulong.MaxValue"]),
        new("float", "Range(0.5, 1.5)", ["0.5f", "1.5f"], ["0.49999997f", "1.5000001f", "float.NaN", "float.PositiveInfinity", "float.NegativeInfinity"]),
        new("float?", "Range(0.5, 1.5)", ["null", "0.5f", "1.5f"], ["0.49999997f", "1.5000001f", "float.NaN"]),
        new("double", "Range(0.1, 1.5)", ["0.1", "1.5"], ["0.09999999999999999", "1.5000000000000002", "double.NaN"]),
        new(
            "double", "Range(0.1, 1.5, MinimumIsExclusive = true, MaximumIsExclusive = true)",
            ["0.10000000000000002", "1.4999999999999998"],
            ["0.1", "1.5", "double.NaN"]),
        new("double", "Range(1, 10)", ["1", "10", "9.75"], ["0.75", "10.25", "double.NaN"]),
        new("double", "Range(double.NegativeInfinity, double.PositiveInfinity)", ["0", "double.PositiveInfinity", "double.NegativeInfinity"], ["double.NaN"]),
        new("double", "Range(typeof(double), \"1e300\", \"1e301\")", ["1e300", "1e301"], ["9e299", "double.PositiveInfinity"]),
        new("Half", "Range(0.5, 1.5)", ["(Half)0.5f", "(Half)1.5f"], ["(Half)0.25f", "(Half)2f", "Half.NaN"]),
        new("decimal", "Range(typeof(decimal), \"0.1\", \"9.9\")", ["0.1m", "9.9m"], ["0.0999m", "9.9001m"]),
        new("decimal", "Range(0.1, 9.9, MaximumIsExclusive = true)", ["0.1m", "9.8999m"], ["0.0999m", "9.9m"]),
        new("decimal?", "Range(1, 2)", ["null", "1", "2"], ["0.9m", "2.1m"]),
        new("decimal", "Range(1, double.MaxValue)", ["1", "decimal.MaxValue"], ["0.9m"]),
        new("DayOfWeek", "Range(1, 5)", ["DayOfWeek.Monday", "DayOfWeek.Friday"], ["DayOfWeek.Sunday", "DayOfWeek.Saturday", "(DayOfWeek)(-1)"]),
        new("DayOfWeek?", "Range(1, 5)", ["null", "DayOfWeek.Monday", "DayOfWeek.Friday"], ["DayOfWeek.Sunday", "DayOfWeek.Saturday"]),
        new(
            "TimeSpan", "Range(typeof(TimeSpan), \"00:00:01\", \"01:00:00\")",
            ["TimeSpan.FromSeconds(1)", "TimeSpan.FromHours(1)"],
            ["TimeSpan.FromSeconds(1) - new TimeSpan(1)", "TimeSpan.FromHours(1) + new TimeSpan(1)"]),
        new("TimeSpan?", "Range(typeof(TimeSpan), \"00:00:01\", \"01:00:00\")", ["null", "TimeSpan.FromSeconds(1)"], ["TimeSpan.Zero"]),
        new(
            "DateTime", "Range(typeof(DateTime), \"2020-01-01\", \"2030-01-01\", MaximumIsExclusive = true)",
            ["new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)"],
            ["new DateTime(2019, 12, 31, 0, 0, 0, DateTimeKind.Utc)", "new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc)"]),
        new(
            "DateOnly", "Range(typeof(DateOnly), \"2020-01-01\", \"2030-01-01\")",
            ["new DateOnly(2020, 1, 1)", "new DateOnly(2030, 1, 1)"],
            ["new DateOnly(2019, 12, 31)", "new DateOnly(2030, 1, 2)"]),
    ];
}

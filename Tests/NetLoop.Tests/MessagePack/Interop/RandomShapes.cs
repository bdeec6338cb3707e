using System.Globalization;
using System.Text;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Random contracts as source code: the same for the same seed.</summary>
/// <remarks>Annotated only for MessagePack-CSharp; the source generator processes them because they are partial.</remarks>
internal sealed class RandomShapes(int seed)
{
    private const int MaxMembers = 4;
    private const int Levels = 4;

    private static readonly string[] Integers = ["sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong"];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _code = new();

    // The shapes by level: a shape contains only shapes of lower levels, so that values stay small.
    private readonly List<MemberForm>[] _shapes = [.. Enumerable.Range(0, Levels).Select(_ => new List<MemberForm>())];
    private readonly List<string> _names = [];

    /// <summary>The kinds of members for a set of shapes.</summary>
    public required Func<Random, MemberForm> Leaf { get; init; }

    /// <summary>Members of collections and tuples too.</summary>
    public bool HasCompounds { get; init; } = true;

    /// <summary>The text before a member, from its key.</summary>
    public Func<string, string> KeyAttributes { get; init; } = static key => $"[Key({key})]";

    /// <summary>Only maps whose keys are the names of the members.</summary>
    public bool OnlyNames { get; init; }

    /// <summary>A type that both libraries support.</summary>
    public static MemberForm AnyLeaf(Random random) => random.Next(29) switch
    {
        0 => new("bool", "Gen.Bool(r)", IsKey: true),
        1 => new("char", "(char)Gen.Int(r)", IsKey: true),
        2 => new("float", "Gen.Single(r)", IsKey: false),
        3 => new("double", "Gen.Double(r)", IsKey: false),
        4 => new("Half", "(Half)Gen.Single(r)"),
        5 or 6 => new("string", "Gen.Text(r)", IsKey: true, IsValue: false),
        7 => new("byte[]", "Gen.Bytes(r)", IsValue: false),
        8 => new("Guid", "Gen.Guid(r)", IsKey: true),
        9 => new("decimal", "Gen.Decimal(r)"),
        10 => new("System.Numerics.BigInteger", "Gen.Big(r)"),
        11 => new("Version", "Gen.Version(r)", IsValue: false),
        12 => new("Uri", "Gen.Uri(r)", IsValue: false),
        13 => new("DateTime", "Gen.Time(r)", IsKey: true),
        14 => new("DateTimeOffset", "Gen.Offset(r)", IsKey: true),
        15 => new("TimeSpan", "Gen.Span(r)"),
        16 => new("DateOnly", "Gen.Date(r)"),
        17 => new("TimeOnly", "Gen.OfDay(r)"),
        18 => new("System.Numerics.Complex", "Gen.Complex(r)"),
        19 => Numerics(random),
        20 => random.Next(3) switch
        {
            0 => new("Memory<byte>", "Gen.Bytes(r)"),
            1 => new("ReadOnlyMemory<byte>", "Gen.Bytes(r)"),
            _ => new("ArraySegment<byte>", "new ArraySegment<byte>(Gen.Bytes(r))"),
        },
        21 or 22 => Enum(random),
        23 => new("Int128", "Gen.Int128(r)"),
        24 => new("UInt128", "(UInt128)Gen.Int128(r)"),
        _ => Integer(random),
    };

    /// <summary>A type whose form Nerdbank.MessagePack shares.</summary>
    public static MemberForm CommonLeaf(Random random) => random.Next(10) switch
    {
        0 => new("bool", "Gen.Bool(r)"),
        1 => new("float", "Gen.Single(r)"),
        2 => new("double", "Gen.Double(r)"),
        3 or 4 => new("string", "Gen.Text(r)", IsKey: true, IsValue: false),
        5 => new("byte[]", "Gen.Bytes(r)", IsValue: false),
        6 => new("DateTime", "Gen.Time(r)"),
        7 => Enum(random),
        _ => Integer(random),
    };

    /// <summary>Writes the given number of shapes, and a class <c>AllShapes</c> that passes each of them to a visitor.</summary>
    public string Write(int count)
    {
        _code.AppendLine("using System.Collections.Immutable; using System.Linq; using NetLoop.Tests.MessagePack.Interop;");
        _code.AppendLine("namespace Shapes;");
        foreach (string type in Integers)
        {
            _code.AppendLine(CultureInfo.InvariantCulture, $"public enum E{type} : {type} {{ A, B = 100, C = {type}.MaxValue, D = {type}.MinValue }}");
        }

        if (HasCompounds)
        {
            // Generic contracts, closed again wherever they are used.
            _code.AppendLine(
                "[MessagePackObject] public partial class Box<T> { [Key(0)] public T Content { get; set; } = default!; [Key(2)] public int Number { "
                    + "get; set; } }");
            _code.AppendLine("[MessagePackObject] public partial record Both<A, B>([property: Key(0)] A First, [property: Key(1)] B Second);");
        }

        while (_names.Count < count)
        {
            int level = _random.Next(Levels);
            if (HasCompounds && _random.Next(10) == 0)
            {
                WriteUnion(level);
            }
            else
            {
                WriteShape($"S{_names.Count}", level);
            }
        }

        _code.AppendLine("public static class AllShapes { public static void Show(IShapeVisitor visitor) {");
        foreach (string name in _names)
        {
            _code.AppendLine(CultureInfo.InvariantCulture, $"visitor.Visit<{name}>(Make{name}.Value);");
        }

        return _code.AppendLine("} }").ToString();
    }

    private static MemberForm Integer(Random random)
    {
        string type = Integers[random.Next(Integers.Length)];
        return new(type, $"({type})Gen.Int(r)", IsKey: true);
    }

    private static MemberForm Enum(Random random)
    {
        string type = $"E{Integers[random.Next(Integers.Length)]}";
        return new(type, $"Gen.Enum<{type}>(r)", IsKey: true);
    }

    private static MemberForm Numerics(Random random)
    {
        string[] types = ["Vector2", "Vector3", "Vector4", "Quaternion", "Matrix3x2", "Matrix4x4"];
        string type = types[random.Next(types.Length)];
        return new($"System.Numerics.{type}", $"Gen.{type}(r)");
    }

    private MemberForm Member(int level, int depth = 0)
    {
        int kind = _random.Next(10);
        if (kind < 5 || depth > 1)
        {
            MemberForm leaf = Leaf(_random);
            return _random.Next(4) == 0 ? Nullable(leaf) : leaf;
        }

        if (kind < 7 && level > 0 && _shapes[_random.Next(level)] is { Count: > 0 } lower)
        {
            MemberForm shape = lower[_random.Next(lower.Count)];
            return _random.Next(3) == 0 ? Nullable(shape) : shape;
        }

        return HasCompounds ? Compound(level, depth + 1) : Collection(level, depth + 1);
    }

    private static MemberForm Nullable(MemberForm form) => form.Type[^1] == '?'
        ? form
        : new($"{form.Type}?", $"(Gen.Bool(r) ? null : ({form.Type}?){form.Make})", IsValue: false);

    private MemberForm Key()
    {
        while (true)
        {
            if (Leaf(_random) is { IsKey: true } leaf)
            {
                return leaf;
            }
        }
    }

    private MemberForm Collection(int level, int depth)
    {
        MemberForm item = Member(level, depth);
        string many = $"Gen.Many<{item.Type}>(r, d, () => {item.Make})";
        if (_random.Next(3) == 0)
        {
            // Only names: other maps have no form in common.
            return new($"Dictionary<string, {item.Type}>", $"Gen.Map<string, {item.Type}>(r, d, () => Gen.Text(r), () => {item.Make})", IsValue: false);
        }

        return _random.Next(2) == 0
            ? new($"{item.Type}[]", $"{many}.ToArray()", IsValue: false)
            : new($"List<{item.Type}>", many, IsValue: false);
    }

    private MemberForm Compound(int level, int depth)
    {
        MemberForm item = Member(level, depth);
        string many = $"Gen.Many<{item.Type}>(r, d, () => {item.Make})";
        string list = $"List<{item.Type}>";
        MemberForm key = Key();
        MemberForm other = Member(level, depth);
        string map = $"Gen.Map<{key.Type}, {item.Type}>(r, d, () => {key.Make}, () => {item.Make})";
        string keys = $"Gen.Many<{key.Type}>(r, d, () => {key.Make})";
        return _random.Next(26) switch
        {
            0 or 1 => new($"{item.Type}[]", $"{many}.ToArray()", IsValue: false),
            2 or 3 => new(list, many, IsValue: false),
            4 => new($"Queue<{item.Type}>", $"new Queue<{item.Type}>({many})", IsValue: false),
            5 => new($"Stack<{item.Type}>", $"new Stack<{item.Type}>({many})", IsValue: false),
            6 => new($"LinkedList<{item.Type}>", $"new LinkedList<{item.Type}>({many})", IsValue: false),
            7 => new($"HashSet<{key.Type}>", $"{keys}.ToHashSet()", IsValue: false),
            8 => new($"ImmutableArray<{item.Type}>", $"{many}.ToImmutableArray()"),
            9 => new($"ImmutableList<{item.Type}>", $"{many}.ToImmutableList()", IsValue: false),
            10 => new($"ImmutableHashSet<{key.Type}>", $"Gen.Few<{key.Type}>(r, () => {key.Make}).ToImmutableHashSet()", IsValue: false),
            11 => new($"IEnumerable<{item.Type}>", many, IsValue: false),
            12 => new($"ICollection<{item.Type}>", many, IsValue: false),
            13 => new($"IReadOnlyList<{item.Type}>", many, IsValue: false),
            14 => new($"ISet<{key.Type}>", $"{keys}.ToHashSet()", IsValue: false),
            15 or 16 => new($"Dictionary<{key.Type}, {item.Type}>", map, IsValue: false),
            17 => new($"IReadOnlyDictionary<{key.Type}, {item.Type}>", map, IsValue: false),
            18 => new(
                $"ImmutableDictionary<{key.Type}, {item.Type}>",
                $"Gen.Few<{key.Type}>(r, () => {key.Make}).ToImmutableDictionary(key => key, {item.Type} (_) => {item.Make})",
                IsValue: false),
            19 => new($"({item.Type}, {other.Type})", $"({item.Make}, {other.Make})"),
            20 => new($"({item.Type}, {other.Type}, {key.Type}, int)", $"({item.Make}, {other.Make}, {key.Make}, r.Next())"),
            21 => new($"Tuple<{item.Type}, {other.Type}>", $"new Tuple<{item.Type}, {other.Type}>({item.Make}, {other.Make})", IsValue: false),
            22 => new($"KeyValuePair<{key.Type}, {item.Type}>", $"new KeyValuePair<{key.Type}, {item.Type}>({key.Make}, {item.Make})"),
            23 => new($"Box<{item.Type}>", $"new Box<{item.Type}> {{ Content = {item.Make}, Number = r.Next() }}", IsValue: false),
            24 => new($"Both<{item.Type}, {key.Type}>", $"new Both<{item.Type}, {key.Type}>({item.Make}, {key.Make})", IsValue: false),
            _ => new($"IList<{item.Type}>", many, IsValue: false),
        };
    }

    private void WriteUnion(int level)
    {
        string name = $"S{_names.Count}";
        int cases = 1 + _random.Next(3);
        List<string> makes = [];
        StringBuilder attributes = new();
        for (int i = 0; i < cases; i++)
        {
            string caseName = $"{name}Case{i}";
            WriteShape(caseName, level, $" : {name}", isCase: true);
            attributes.Append(CultureInfo.InvariantCulture, $"[Union({(i * 50) + _random.Next(50)}, typeof({caseName}))] ");
            makes.Add($"{i} => Make{caseName}.Value(r, d + 1)");
        }

        _code.AppendLine(CultureInfo.InvariantCulture, $"{attributes}public partial interface {name};");
        WriteMaker(
            name,
            $"r.Next({cases}) switch {{ "
                + $"{string.Join(", ", makes.SkipLast(1).Append(makes[^1].Replace($"{cases - 1} =>", "_ =>", StringComparison.Ordinal)))} }}",
            level,
            isReference: true);
    }

    private void WriteShape(string name, int level, string bases = "", bool isCase = false)
    {
        int kind = OnlyNames ? 4 : _random.Next(isCase ? 3 : 7);
        List<(string Name, string Key, MemberForm Form)> members = [];
        int index = 0;
        for (int count = _random.Next(MaxMembers + 1); count > 0 || members.Count == 0; count--)
        {
            // Positional constructors are found by index, so these have no gaps.
            index += kind is 0 or 3 && _random.Next(4) == 0 ? _random.Next(1, 5) : 0;
            string key = kind is 2 or 6 ? $"\"{"key"[..(1 + _random.Next(3))]}{index}\"" : $"{index}";
            members.Add(($"M{members.Count}", key, Member(level)));
            index++;
        }

        string declared = string.Join(' ', members.Select(m => $"{KeyAttributes(m.Key)} public {m.Form.Type} {m.Name} {{ get; set; }}{Initializer(m.Form)}"));
        string positional = string.Join(", ", members.Select(m => $"[property: Key({m.Key})] {m.Form.Type} {m.Name}"));
        string set = $"new {name} {{ {string.Join(", ", members.Select(m => $"{m.Name} = {m.Form.Make}"))} }}";
        string passed = $"new {name}({string.Join(", ", members.Select(m => m.Form.Make))})";
        (string code, string make, bool isReference) = kind switch
        {
            0 or 2 => ($"[MessagePackObject] public partial class {name}{bases} {{ {declared} }}", set, true),
            1 => ($"[MessagePackObject] public partial record {name}({positional}){bases};", passed, true),
            3 => (
                $"[MessagePackObject] public partial struct {name} {{ "
                    + $"{string.Join(' ', members.Select(m => $"[Key({m.Key})] public {m.Form.Type} {m.Name};"))} }}",
                set,
                false),
            4 => (
                $"[MessagePackObject(true)] public partial class {name} {{ "
                    + $"{string.Join(' ', members.Select(m => $"public {m.Form.Type} {m.Name} {{ get; set; }}{Initializer(m.Form)}"))} }}",
                set,
                true),
            5 => ($"[MessagePackObject] public readonly partial record struct {name}({positional});", passed, false),
            _ => ($"[MessagePackObject] public partial record {name}({positional});", passed, true),
        };
        _code.AppendLine(code);
        WriteMaker(name, make, level, isReference, isListed: !isCase);
    }

    private void WriteMaker(string name, string make, int level, bool isReference, bool isListed = true)
    {
        _code.AppendLine(CultureInfo.InvariantCulture, $"public static class Make{name} {{ public static {name} Value(Random r, int d) => {make}; }}");
        if (isListed)
        {
            _names.Add(name);
            _shapes[level].Add(new(name, $"Make{name}.Value(r, d + 1)", IsValue: !isReference));
        }
    }

    // An uninitialized reference that is not nullable would be a warning, and the compilation must have none.
    private static string Initializer(MemberForm form) => form.IsValue || form.Type[^1] == '?' ? "" : " = default!;";
}

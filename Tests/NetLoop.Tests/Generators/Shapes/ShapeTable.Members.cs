namespace NetLoop.Tests.Generators.Shapes;

internal static partial class ShapeTable
{
    private static IReadOnlyList<Shape> Members =>
    [
        Works("no members", "[NetContract] public partial class A;", "new A()", "90"),
        Works("one member", "[NetContract] public partial class A { [Key(0)] public int X { get; set; } }", "new A { X = 5 }", "9105"),
        Works("a field", "[NetContract] public partial class A { [Key(0)] public int X; }", "new A { X = 5 }", "9105"),
        Works("a hole", "[NetContract] public partial class A { [Key(2)] public int X; }", "new A { X = 5 }", "93C0C005"),
        Works("index 255", "[NetContract] public partial class A { [Key(255)] public int X; }", "new A { X = 5 }"),
        Works(
            "keys in another order",
            "[NetContract] public partial class A { [Key(1)] public int X; [Key(0)] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "920605"),
        Works("names as keys", "[NetContract] public partial class A { [Key(\"x\")] public int X; }", "new A { X = 5 }", "81A17805"),
        Works(
            "odd names as keys",
            "[NetContract] public partial class A { [Key(\"\")] public int X; [Key(\"\\\"\\\\\\0\\n{0}\")] public int Y; [Key(\"😀 ı\")] public int Z; }",
            "new A { X = 5, Y = 6, Z = 7 }"),
        Works("one long name", $"[NetContract] public partial class A {{ [Key(\"{new string('n', 300)}\")] public int X; }}", "new A { X = 5 }"),
        Works(
            "a key by a constant",
            "[NetContract] public partial class A { public const int First = 1; [Key(First)] public int X; [Key(First - 1)] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "920605"),
        Works("a key by nameof", "[NetContract] public partial class A { [Key(nameof(X))] public int X; }", "new A { X = 5 }", "81A15805"),
        Works(
            "ignored members",
            "[NetContract] public partial class A { [Key(0)] public int X; [IgnoreMember] public object? Y; }",
            "new A { X = 5, Y = 6 }",
            "9105"),
        Works(
            "computed members",
            "[NetContract] public partial class A { [Key(0)] public int X; public int Twice => X * 2; public int this[int at] => at; public static "
                + "int Count; public event Action? Changed { add { } remove { } } }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "private members",
            "[NetContract] public partial class A { [Key(0)] private int _x; [Key(1)] private int Y { get; set; } public A() { } public A(int x) { "
                + "_x = x; Y = x; } }",
            "new A(5)",
            "920505"),
        Works(
            "protected and internal members",
            "[NetContract] public partial class A { [Key(0)] protected int X; [Key(1)] internal int Y; [Key(2)] protected internal int Z; [Key(3)] "
                + "private protected int V; public A() { } public A(int x) => X = Y = Z = V = x; }",
            "new A(5)",
            "9405050505"),
        Works(
            "a readonly field by the constructor",
            "[NetContract] public partial class A { [Key(0)] public readonly int X; public A(int x) => X = x; }",
            "new A(5)",
            "9105"),
        Works(
            "a getter by the constructor",
            "[NetContract] public partial class A { [Key(0)] public int X { get; } public A(int x) => X = x; }",
            "new A(5)",
            "9105"),
        Works("a volatile field", "[NetContract] public partial class A { [Key(0)] public volatile int X; }", "new A { X = 5 }", "9105"),
        Works("a record", "[NetContract] public partial record A([property: Key(0)] int X);", "new A(5)", "9105"),
        Works("a record struct", "[NetContract] public partial record struct A([property: Key(0)] int X);", "new A(5)", "9105"),
        Works("a readonly record struct", "[NetContract] public readonly partial record struct A([property: Key(0)] int X);", "new A(5)", "9105"),
        Works(
            "a record with a body",
            "[NetContract] public partial record A([property: Key(0)] int X) { [Key(1)] public int Y { get; init; } }",
            "new A(5) { Y = 6 }",
            "920506"),
        Works("a sealed record", "[NetContract] public sealed partial record A([property: Key(0)] string X);", "new A(\"x\")", "91A178"),
        Works(
            "a record whose property is declared",
            "[NetContract] public partial record A(int X) { [Key(0)] public int X { get; init; } = X; }",
            "new A(5)",
            "9105"),
        Works("a struct", "[NetContract] public partial struct A { [Key(0)] public int X; }", "new A { X = 5 }", "9105"),
        Works("a readonly struct", "[NetContract] public readonly partial struct A { [Key(0)] public int X { get; init; } }", "new A { X = 5 }", "9105"),
        Works(
            "a struct with a constructor",
            "[NetContract] public partial struct A { [Key(0)] public int X; [Key(1)] public int Y; public A(int x) { X = x; Y = 1; } }",
            "new A(5)",
            "920501"),
        Works(
            "a struct with initializers",
            "[NetContract] public partial struct A() { [Key(0)] public int X = 3; [Key(1)] public string Y = \"y\"; }",
            "new A()",
            "9203A179"),
        Works(
            "a primary constructor",
            "[NetContract] public partial class A(int x, string y) { [Key(0)] public int X => x; [Key(1)] public string Y { get; } = y; }",
            "new A(5, \"y\")",
            "9205A179"),
        Works(
            "a constructor of more members than needed",
            "[NetContract] public partial class A { public A() { } public A(int x) => X = x; [Key(0)] public int X { get; set; } }",
            "new A(5)",
            "9105"),
        Works(
            "a marked constructor",
            "[NetContract] public partial class A { public A() { } [SerializationConstructor] public A(int first) => X = first; [Key(0)] public int "
                + "X { get; } }",
            "new A(5)",
            "9105"),
        Works(
            "a private constructor",
            "[NetContract] public partial class A { private A() { } public static A Make() => new() { X = 5 }; [Key(0)] public int X { get; set; } }",
            "A.Make()",
            "9105"),
        Works("an in parameter", "[NetContract] public partial class A { [Key(0)] public long X { get; } public A(in long x) => X = x; }", "new A(5)", "9105"),
        Works(
            "an optional parameter that is ignored",
            "[NetContract] public partial class A { [IgnoreMember] public int Z; [Key(0)] public int X { get; } public A(int x, int Z) => X = x; }",
            "new A(5, 0)",
            "9105"),
        Works(
            "required members",
            "[NetContract] public partial class A { [Key(0)] public required int X { get; set; } [Key(1)] public required string Y { get; init; } "
                + "[Key(2)] public required int Z; }",
            "new A { X = 5, Y = \"y\", Z = 6 }",
            "9305A17906"),
        Works(
            "a constructor that sets required members",
            "[NetContract] public partial class A { [SetsRequiredMembers] public A(int x) => X = x; [Key(0)] public required int X { get; init; } }",
            "new A(5)",
            "9105"),
        Works(
            "private and init setters",
            "[NetContract] public partial class A { [Key(0)] public int X { get; private set; } [Key(1)] public int Y { get; init; } [Key(2)] public "
                + "int Z { get; protected set; } public A Set() { X = 5; Z = 7; return this; } }",
            "new A { Y = 6 }.Set()",
            "93050607"),
        Works(
            "a partial property",
            "[NetContract] public partial class A { [Key(0)] public partial int X { get; set; } public partial int X { get => field; set => field = value; } }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "the field keyword",
            "[NetContract] public partial class A { [Key(0)] public int X { get => field; set => field = value + 0; } [Key(1)] public string Y { get "
                + "=> field ?? \"\"; set; } }",
            "new A { X = 5, Y = \"y\" }",
            "9205A179"),
        Works("a getter that is virtual", "[NetContract] public partial class A { [Key(0)] public virtual int X { get; set; } }", "new A { X = 5 }", "9105"),
        Works(
            "a getter with a body",
            "[NetContract] public partial class A { private int _x; [Key(0)] public int X { get { return _x; } set { _x = value; } } }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "fifteen members of fixed size",
            "[NetContract] public partial struct A { " + string.Concat(Enumerable.Range(0, 15).Select(index => $"[Key({index})] public int X{index};")) + " }",
            "new A { X14 = 300 }"),
        Works(
            "sixteen members of fixed size",
            "[NetContract] public partial struct A { " + string.Concat(Enumerable.Range(0, 16).Select(index => $"[Key({index})] public int X{index};")) + " }",
            "new A { X15 = 300 }"),
        Works(
            "a hundred members",
            "[NetContract] public partial class A { "
                + string.Concat(Enumerable.Range(0, 100).Select(index => $"[Key({index})] public string? X{index};"))
                + " }",
            "new A { X99 = \"x\" }"),
        Works(
            "itself inside",
            "[NetContract] public partial class A { [Key(0)] public A? Next; [Key(1)] public List<A>? All; }",
            "new A { Next = new A(), All = [new A()] }",
            "9292C0C09192C0C0"),
        Works(
            "itself inside, nullable struct in a list",
            "[NetContract] public partial struct A { [Key(0)] public List<A?>? All; }",
            "new A { All = [null] }",
            "9191C0"),
        Works(
            "each other inside",
            "[NetContract] public partial class A { [Key(0)] public B? B; } [NetContract] public partial class B { [Key(0)] public A? A; }",
            "new A { B = new B { A = new A() } }",
            "919191C0"),
        Works(
            "checked and unsafe code around",
            "[NetContract] public partial class A { [Key(0)] public int X { get => checked(_x + 0); set => _x = value; } private int _x; }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "without nullable annotations",
            "#nullable disable\n[NetContract] public partial class A { [Key(0)] public string X; [Key(1)] public List<string> Y; [Key(2)] public A "
                + "Z; }\n#nullable restore\n",
            "new A()",
            "93C0C0C0"),
        Works(
            "half with nullable annotations",
            "#nullable enable annotations\n[NetContract] public partial class A { [Key(0)] public string? X; }\n#nullable restore\n",
            "new A()",
            "91C0"),
        Works(
            "required null-forgiving members",
            "[NetContract] public partial class A { [Key(0)] public string X { get; set; } = null!; [Key(1)] public byte[] Y { get; set; } = null!; }",
            "new A { X = \"x\", Y = [1] }",
            "92A178C40101"),
        Works(
            "a destructor and operators",
            "[NetContract] public partial class A { [Key(0)] public int X; ~A() { } public static A operator +(A a, A b) => a; public static "
                + "implicit operator int(A a) => a.X; }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "an interface with a member of the name",
            "public interface I { int X { get; } } [NetContract] public partial class A : I { [Key(0)] public int X { get; set; } int I.X => X; }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "a required member that a base has",
            "public class B { [Key(0)] public required int X { get; init; } } [NetContract] public partial class A : B { [Key(1)] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "920506"),
        Works(
            "members that differ by case",
            "[NetContract] public partial class A { [Key(0)] public int x; [Key(1)] public int X; [Key(2)] public int ID; [Key(3)] public int Id; "
                + "[Key(4)] public int iD; }",
            "new A { x = 1, X = 2, ID = 3, Id = 4, iD = 5 }",
            "950102030405"),
    ];

    private static IReadOnlyList<Shape> Accessors =>
    [
        Works(
            "a setter of the base that is private protected",
            "public class B { [Key(0)] public int X { get; private protected set; } public void Set() => X = 5; } [NetContract] public partial class "
                + "A : B { public A Made() { Set(); return this; } }",
            "new A().Made()",
            "9105"),
        Works(
            "a setter of the base that is protected",
            "public class B { [Key(0)] public int X { get; protected set; } } [NetContract] public partial class A : B { public A Made() { X = 5; "
                + "return this; } }",
            "new A().Made()",
            "9105"),
        Works(
            "a getter of the base by the constructor",
            "public class B(int x) { [Key(0)] public int X { get; } = x; } [NetContract] public partial class A(int x) : B(x);",
            "new A(5)",
            "9105"),
        Works(
            "a private setter of the base by the constructor",
            "public class B(int x) { [Key(0)] public int X { get; private set; } = x; } [NetContract] public partial class A(int x) : B(x);",
            "new A(5)",
            "9105"),
        Works(
            "an init setter of the base",
            "public class B { [Key(0)] public int X { get; init; } } [NetContract] public partial class A : B;",
            "new A { X = 5 }",
            "9105"),
        Works(
            "an override without a setter",
            "public abstract class B { [Key(0)] public virtual int X { get; set; } } [NetContract] public partial class A : B { public override int "
                + "X => base.X; [Key(1)] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "920506"),
        Works(
            "an override without a getter",
            "public abstract class B { [Key(0)] public virtual int X { get; set; } } [NetContract] public partial class A : B { public override int "
                + "X { set => base.X = value; } }",
            "new A { X = 5 }",
            "9105"),
    ];
}

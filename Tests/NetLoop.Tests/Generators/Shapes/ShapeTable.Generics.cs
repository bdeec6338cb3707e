namespace NetLoop.Tests.Generators.Shapes;

internal static partial class ShapeTable
{
    private static IReadOnlyList<Shape> Generics =>
    [
        Closed("a type parameter", "", "T", "int", "5", "05"),
        Closed("a nullable type parameter of a class", "", "T?", "string", "null", "C0"),
        Closed("a nullable type parameter of a number", "", "T?", "int", "5", "05"),
        Closed("a nullable argument", "", "T", "int?", "null", "C0"),
        Closed("a nullable reference argument", "", "T", "string?", "null", "C0"),
        Closed("a list of a type parameter", "", "List<T>", "string", "[\"x\"]", "91A178"),
        Closed("an array of nullable type parameters", "", "T?[]", "string", "[null]", "91C0"),
        Closed("a tuple of type parameters", "", "(T, T?)", "string", "(\"x\", null)", "92A178C0"),
        Closed("a dictionary with values of a type parameter", "", "Dictionary<int, T>", "string", "new() { [1] = \"x\" }", "8101A178"),
        Closed("the constraint unmanaged", "where T : unmanaged", "T", "int", "5", "05"),
        Closed("the constraint struct", "where T : struct", "T?", "int", "null", "C0"),
        Closed("the constraint class", "where T : class", "T?", "string", "null", "C0"),
        Closed("the constraint class?", "where T : class?", "T", "string?", "null", "C0"),
        Closed("the constraint notnull", "where T : notnull", "T", "string", "\"x\"", "A178"),
        Closed("the constraint new", "where T : new()", "T", "int", "5", "05"),
        Closed("the constraint Enum", "where T : struct, Enum", "T", "DayOfWeek", "DayOfWeek.Friday", "05"),
        Closed("the constraint IComparable of itself", "where T : IComparable<T>", "T", "string", "\"x\"", "A178"),
        Works(
            "the constraint INetContract",
            "[NetContract] public partial class P { [Key(0)] public int X; } [NetContract] public partial class G<T> where T : INetContract<T> { "
                + "[Key(0)] public T? V; } [NetContract] public partial class A { [Key(0)] public G<P>? X; }",
            "new A { X = new G<P> { V = new P { X = 5 } } }",
            "91919105"),
        Works(
            "the constraint that a parameter is another",
            "[NetContract] public partial class G<T, U> where T : U { [Key(0)] public T? V; [Key(1)] public U? W; } [NetContract] public partial "
                + "class A { [Key(0)] public G<string, string>? X; }",
            "new A { X = new G<string, string> { V = \"x\" } }",
            "9192A178C0"),
        Works(
            "a parameter called TFormatter",
            "[NetContract] public partial class G<T, TFormatter> { [Key(0)] public T? V; [Key(1)] public TFormatter? W; } [NetContract] public "
                + "partial class A { [Key(0)] public G<int, string>? X; }",
            "new A { X = new G<int, string> { V = 5, W = \"x\" } }",
            "919205A178"),
        Works(
            "a parameter called like a keyword",
            "[NetContract] public partial class G<@class, @record> { [Key(0)] public @class? V; [Key(1)] public @record? W; } [NetContract] public "
                + "partial class A { [Key(0)] public G<int, string>? X; }",
            "new A { X = new G<int, string> { V = 5, W = \"x\" } }",
            "919205A178"),
        Works(
            "a parameter in small letters",
            "[NetContract] public partial class G<t> { [Key(0)] public t? V; } [NetContract] public partial class A { [Key(0)] public G<int>? X; }",
            "new A { X = new G<int> { V = 5 } }",
            "919105"),
        Works(
            "four parameters",
            "[NetContract] public partial class G<T, U, V, W> { [Key(0)] public T? A; [Key(1)] public U? B; [Key(2)] public V? C; [Key(3)] public W? "
                + "D; } [NetContract] public partial class A { [Key(0)] public G<int, string, bool, List<int>>? X; }",
            "new A { X = new G<int, string, bool, List<int>> { A = 5, D = [6] } }",
            "919405C0C29106"),
        Works(
            "a parameter that is not sent",
            "[NetContract] public partial class G<T> { [Key(0)] public int X; } [NetContract] public partial class A { [Key(0)] public G<int>? V; }",
            "new A { V = new G<int> { X = 5 } }",
            "919105"),
        Works(
            "itself inside",
            "[NetContract] public partial class G<T> { [Key(0)] public T? V; [Key(1)] public G<T>? Next; } [NetContract] public partial class A { "
                + "[Key(0)] public G<int>? X; }".Replace("class A ", "class A ", StringComparison.Ordinal),
            "new A { X = new G<int> { V = 5, Next = new() } }",
            "91920592" + "00C0") with { Name = "a generic contract with itself inside" },
        Works(
            "parameters that change places",
            "[NetContract] public partial class G<T, U> { [Key(0)] public T? V; [Key(1)] public G<U, T>? Next; } [NetContract] public partial class "
                + "A { [Key(0)] public G<int, string>? X; }",
            "new A { X = new G<int, string> { V = 5, Next = new() { V = \"x\" } } }",
            "91920592A178C0"),
        Works(
            "a generic contract with another closed one",
            "[NetContract] public partial class H<T> { [Key(0)] public T? V; } [NetContract] public partial class G<T> { [Key(0)] public H<List<T>>? "
                + "V; [Key(1)] public H<int>? W; } [NetContract] public partial class A { [Key(0)] public G<int>? X; }",
            "new A { X = new G<int> { V = new H<List<int>> { V = [5] } } }",
            "91929191" + "05C0"),
        Works(
            "a generic contract that ends in a closed one",
            "[NetContract] public partial class G<T> { [Key(0)] public T? V; [Key(1)] public G<int>? Next; } [NetContract] public partial class A { "
                + "[Key(0)] public G<string>? X; }",
            "new A { X = new G<string> { V = \"x\", Next = new G<int> { V = 5 } } }",
            "9192A1789205C0"),
        Works(
            "a generic record",
            "[NetContract] public partial record G<T>([property: Key(0)] T V); [NetContract] public partial record A([property: Key(0)] G<int> X);",
            "new A(new G<int>(5))",
            "919105"),
        Works(
            "a generic struct",
            "[NetContract] public partial struct G<T> { [Key(0)] public T? V; } [NetContract] public partial record A([property: Key(0)] G<int> X, "
                + "[property: Key(1)] G<string>? Y);",
            "new A(new G<int> { V = 5 }, null)",
            "929105C0"),
        Works(
            "generics of generics",
            "[NetContract] public partial class G<T> { [Key(0)] public T? V; } [NetContract] public partial class A { [Key(0)] public G<G<G<int>>>? "
                + "X; [Key(1)] public List<G<string?>?>? Y; }",
            "new A { X = new() { V = new() { V = new() { V = 5 } } }, Y = [null] }",
            "9291919105" + "91C0"),
        Works(
            "a generic contract by name",
            "[NetContract] public partial class G<T> { [Key(\"v\")] public T? V; [Key(\"{0}\")] public int W; } [NetContract] public partial class A "
                + "{ [Key(0)] public G<int>? X; }",
            "new A { X = new() { V = 5 } }",
            "9182A17605A37B307D00"),
        Works(
            "a generic contract with a base",
            "public class B { [Key(0)] public int X; } [NetContract] public partial class G<T> : B { [Key(1)] public T? V; } [NetContract] public "
                + "partial class A { [Key(0)] public G<int>? X; }",
            "new A { X = new() { X = 5, V = 6 } }",
            "91920506"),
        Works(
            "a variant union",
            "[Union(0, typeof(C))] public partial interface I; public partial interface O<in T, out U> : I; [NetContract] public partial class C : "
                + "O<int, string> { [Key(0)] public int X; } [NetContract] public partial class A { [Key(0)] public I? X; }",
            "new A { X = new C { X = 5 } }",
            "9192009105"),
        Works(
            "hand-written and generic",
            "public partial class H<T> : INetContract<H<T>> { static void INetContract<H<T>>.Write(ref NetWriter writer, in H<T> value) => "
                + "writer.Write(5); static bool INetContract<H<T>>.TryRead(ref NetReader reader, [MaybeNullWhen(false)] out H<T> value) { value = "
                    + "new(); return reader.TryRead(out int _); } } [NetContract] public partial class A { [Key(0)] public H<int>? X; }",
            "new A { X = new() }",
            "9105"),
    ];

    private static IReadOnlyList<Shape> Unions =>
    [
        Works(
            "a union of classes",
            "[Union(0, typeof(C)), Union(1, typeof(D))] public partial interface I; [NetContract] public partial class C : I { [Key(0)] public int "
                + "X; } [NetContract] public partial class D : I; [NetContract] public partial class A { [Key(0)] public I? X; [Key(1)] public List<I>? Y; }",
            "new A { X = new C { X = 5 }, Y = [new D()] }",
            "9292009105919201" + "90"),
        Works(
            "a union that is an abstract record",
            "[Union(0, typeof(C))] public abstract partial record I; [NetContract] public partial record C([property: Key(0)] int X) : I; "
                + "[NetContract] public partial class A { [Key(0)] public I? X; }",
            "new A { X = new C(5) }",
            "9192009105"),
        Works(
            "a union with a struct",
            "[Union(0, typeof(C))] public partial interface I; [NetContract] public partial struct C : I { [Key(0)] public int X; } [NetContract] "
                + "public partial class A { [Key(0)] public I? X; }",
            "new A { X = new C { X = 5 } }",
            "9192009105"),
        Works(
            "a union with a generic case",
            "[Union(0, typeof(G<int>)), Union(1, typeof(G<string>))] public partial interface I; [NetContract] public partial class G<T> : I { "
                + "[Key(0)] public T? X; } [NetContract] public partial class A { [Key(0)] public I? X; }",
            "new A { X = new G<string> { X = \"x\" } }",
            "91920191A178"),
        Works(
            "a union with negative and large tags",
            "[Union(-1, typeof(C)), Union(2147483647, typeof(D))] public partial interface I; [NetContract] public partial class C : I; "
                + "[NetContract] public partial class D : I; [NetContract] public partial class A { [Key(0)] public I? X; [Key(1)] public I? Y; }",
            "new A { X = new C(), Y = new D() }",
            "9292FF9092CE7FFFFFFF90"),
        Works(
            "a union that is a message",
            "[NetMessage(#), Union(0, typeof(C))] public partial interface I; [NetContract] public partial class C : I { [Key(0)] public int X; } "
                + "[NetContract] public partial class A { [Key(0)] public I? X; }",
            "new A { X = new C { X = 5 } }",
            "9192009105"),
        Works(
            "a union in several parts",
            "[Union(0, typeof(C))] public partial interface I; [Union(1, typeof(D))] public partial interface I; [NetContract] public partial class "
                + "C : I; [NetContract] public partial class D : I; [NetContract] public partial class A { [Key(0)] public I? X; }",
            "new A { X = new D() }",
            "91920190"),
        Works(
            "a union with itself inside",
            "[Union(0, typeof(C))] public partial interface I; [NetContract] public partial class C : I { [Key(0)] public I? Inner; } [NetContract] "
                + "public partial class A { [Key(0)] public I? X; }",
            "new A { X = new C { Inner = new C() } }",
            "9192009192" + "0091C0"),
        Works(
            "a union with [NetContract]",
            "[NetContract, Union(0, typeof(C))] public abstract partial class I { [Key(0)] public int X; } [NetContract] public partial class C : I; "
                + "[NetContract] public partial class A { [Key(0)] public I? X; }",
            "new A { X = new C { X = 5 } }",
            "9192009105"),
        Works(
            "a union inside of a type",
            "public partial class O { [Union(0, typeof(C))] public partial interface I; [NetContract] public partial class C : I { [Key(0)] public "
                + "int X; } [NetContract] public partial class A { [Key(0)] public I? X; } }",
            "new O.A { X = new O.C { X = 5 } }",
            "9192009105"),
        Works(
            "a required union member",
            "[Union(0, typeof(C))] public partial interface I; [NetContract] public partial class C : I; [NetContract] public partial record "
                + "A([property: Key(0)] I X);",
            "new A(new C())",
            "91920090"),
        Works(
            "unions in a dictionary",
            "[Union(0, typeof(C))] public partial interface I; [NetContract] public partial class C : I; [NetContract] public partial record "
                + "A([property: Key(0)] Dictionary<string, I?> X);",
            "new A(new() { [\"x\"] = null })",
            "9181A178C0"),
    ];

    private static IReadOnlyList<Shape> Attributes =>
    [
        Works(
            "an obsolete member",
            "[NetContract] public partial class A { [Key(0), Obsolete] public int X { get; set; } [Key(1), Obsolete(\"old\")] public int Y; }",
            "new A()",
            "920000"),
        Works(
            "an obsolete member that nobody may use",
            "[NetContract] public partial class A { [Key(0), Obsolete(\"old\", true)] public int X { get; set; } [Key(1), Obsolete(\"old\", true)] "
                + "public int Y = 5; }",
            "new A()",
            "920005"),
        Works(
            "an obsolete member that nobody may use, of any size",
            "[NetContract] public partial class A { [Key(0), Obsolete(\"old\", true)] public string? X { get; set; } }",
            "new A()",
            "91C0"),
        Works(
            "an obsolete type",
            "#pragma warning disable CS0618\n[Obsolete(\"old\"), NetContract] public partial class O { [Key(0)] public int X; } [NetContract] public "
                + "partial class A { [Key(0)] public O? X; }\n#pragma warning restore CS0618\n",
            "new A()",
            "91C0"),
        Works(
            "an obsolete type that nobody may use",
            "[Obsolete(\"old\", true), NetContract] public partial class O { [Key(0)] public int X; } [NetContract] public partial class A { "
                + "[Key(0), Obsolete(\"old\", true)] public O? X; }",
            "new A()",
            "91C0"),
        Works(
            "an obsolete constructor",
            "[NetContract] public partial class A { [Obsolete(\"for serializers only\", true)] public A() { } public A(int x, int y) => X = x + y; "
                + "[Key(0)] public int X { get; set; } }",
            "new A(2, 3)",
            "9105"),
        Works(
            "an experimental member",
            "[NetContract] public partial class A { [Key(0), Experimental(\"EXP1\")] public int X { get; set; } }",
            "new A()",
            "9100"),
        Works(
            "an experimental type",
            "#pragma warning disable EXP2\n[Experimental(\"EXP2\"), NetContract] public partial class E { [Key(0)] public int X { get; set; } } "
                + "[NetContract] public partial class A { [Key(0)] public E? X; }\n#pragma warning restore EXP2\n",
            "new A()",
            "91C0"),
        Works(
            "attributes of other libraries",
            "[Serializable, System.Runtime.Serialization.DataContract, NetContract] public partial class A { [Key(0), "
                + "System.Runtime.Serialization.DataMember(Order = 3), System.ComponentModel.DefaultValue(3)] public int X { get; set; } }",
            "new A { X = 5 }",
            "9105"),
        Works("[MessagePackObject]", "[MessagePackObject] public partial class A { [Key(0)] public int X { get; set; } }", "new A { X = 5 }", "9105"),
        Works(
            "[MessagePackObject] with names of members",
            "[MessagePackObject(true)] public partial class A { public int X { get; set; } }",
            "new A { X = 5 }",
            "81A15805"),
        Works(
            "[MessagePackObject] that is not partial belongs to the other library",
            "[MessagePackObject] public class Other { [Key(0)] public object? X { get; set; } } [NetContract] public partial class A { [Key(0)] "
                + "public int X; }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "a documented contract",
            "/// <summary>Documented.</summary>\n[NetContract] public partial class A { /** <summary>Too.</summary> */ [Key(0)] public int X { get; set; } }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "several attributes in one list",
            "[Serializable, NetContract] [System.Diagnostics.DebuggerDisplay(\"{X}\")] public partial class A { [Key(0)] public int X; }",
            "new A { X = 5 }",
            "9105"),
    ];

    private static Shape Closed(string name, string constraint, string member, string argument, string value, string wire) => Works(
        $"a generic contract: {name}",
        $"[NetContract] public partial class G<T> {constraint} {{ [Key(0)] public {member} V {{ get; set; }} = default!; }} [NetContract] public "
            + $"partial class A {{ [Key(0)] public G<{argument}>? X; }}",
        $"new A {{ X = new G<{argument}> {{ V = {value} }} }}",
        "9191" + wire);
}

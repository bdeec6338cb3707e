namespace NetLoop.Tests.Generators.Shapes;

internal static partial class ShapeTable
{
    private static IReadOnlyList<Shape> Inheritance =>
    [
        Works(
            "a base with keys",
            "public class B { [Key(0)] public int X; } [NetContract] public partial class A : B { [Key(1)] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "920506"),
        Works(
            "a base that is a contract",
            "[NetContract] public partial class B { [Key(0)] public int X; } [NetContract] public partial class A : B { [Key(1)] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "920506"),
        Works(
            "an abstract base",
            "public abstract class B { [Key(0)] public int X; } [NetContract] public partial class A : B { [Key(1)] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "920506"),
        Works(
            "four generations",
            "public class B { [Key(0)] public int X; } public class C : B { [Key(1)] public int Y; } public class D : C { } [NetContract] public "
                + "partial class A : D { [Key(2)] public int Z; }",
            "new A { X = 5, Y = 6, Z = 7 }",
            "93050607"),
        Works(
            "a generic base, closed",
            "public class B<T> { [Key(0)] public T? X; } [NetContract] public partial class A : B<string>;",
            "new A { X = \"x\" }",
            "91A178"),
        Works(
            "a generic base with the own parameter",
            "public class B<T> { [Key(0)] public T? X; } [NetContract] public partial class G<T> : B<List<T>>; [NetContract] public partial class A "
                + "{ [Key(0)] public G<int>? X; }",
            "new A { X = new G<int> { X = [5] } }",
            "91919105"),
        Works(
            "records that inherit",
            "public abstract record B([property: Key(0)] int X); [NetContract] public partial record A(int X, [property: Key(1)] int Y) : B(X);",
            "new A(5, 6)",
            "920506"),
        Works(
            "records that inherit keys of parameters",
            "public record B([property: Key(0)] int X, [property: Key(1)] int Y); [NetContract] public sealed partial record A(int X, int Y, "
                + "[property: Key(2)] int Z) : B(X, Y);",
            "new A(5, 6, 7)",
            "93050607"),
        Works(
            "an override has the key of its base",
            "public abstract class B { [Key(0)] public virtual int X { get; set; } } [NetContract] public partial class A : B { public override int "
                + "X { get; set; } }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "an override of an abstract member",
            "public abstract class B { [Key(0)] public abstract int X { get; set; } } [NetContract] public partial class A : B { public override int "
                + "X { get; set; } }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "an override with a key of its own",
            "public abstract class B { [Key(0)] public virtual int X { get; set; } } [NetContract] public partial class A : B { [Key(1)] public "
                + "override int X { get; set; } }",
            "new A { X = 5 }",
            "92C005"),
        Works(
            "an override of an override",
            "public class B { [Key(0)] public virtual int X { get; set; } } public class C : B { public override int X { get; set; } } [NetContract] "
                + "public partial class A : C { public sealed override int X { get; set; } }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "an override of an ignored member",
            "public class B { [IgnoreMember] public virtual object? X { get; set; } } [NetContract] public partial class A : B { public override "
                + "object? X { get; set; } [Key(0)] public int Y; }",
            "new A { X = 1, Y = 5 }",
            "9105"),
        Works(
            "a covariant override",
            "public class B { [IgnoreMember] public virtual object X => 0; } [NetContract] public partial class A : B { [Key(0)] public int Y; "
                + "public override string X => \"x\"; }",
            "new A { Y = 5 }",
            "9105"),
        Works(
            "an override of a parameter's key",
            "public record B([property: Key(0)] int X) { } public abstract record C { [Key(0)] public abstract int X { get; init; } } [NetContract] "
                + "public partial record A(int X) : C { public override int X { get; init; } = X; }",
            "new A(5)",
            "9105"),
        Works(
            "a hidden member without a key",
            "public class B { public int X() => 1; public static int Y; } [NetContract] public partial class A : B { [Key(0)] public new int X { "
                + "get; set; } [Key(1)] public new int Y { get; set; } }",
            "new A { X = 5, Y = 6 }",
            "920506"),
        Works(
            "a hidden member that is ignored",
            "public class B { [IgnoreMember] public object? X; } [NetContract] public partial class A : B { [Key(0)] public new int X; }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "a private member of a base with the same name",
            "public class B { private int _x = 1; public int Get() => _x; } [NetContract] public partial class A : B { [Key(0)] private int _x = 5; "
                + "public int Got() => _x; }",
            "new A()",
            "9105"),
        Works(
            "names as keys, base first",
            "public class B { [Key(\"b\")] public int X; } [NetContract] public partial class A : B { [Key(\"a\")] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "82A16205A16106"),
        Works(
            "a contract in a base's member",
            "[NetContract] public partial class P { [Key(0)] public int X; } public class B { [Key(0)] public P? P; } [NetContract] public partial "
                + "class A : B;",
            "new A { P = new P { X = 5 } }",
            "919105"),
        Works(
            "a derived value in a base's member",
            "[NetContract] public partial class B { [Key(0)] public int X; } [NetContract] public partial class D : B { [Key(1)] public int Y; } "
                + "[NetContract] public partial class A { [Key(0)] public B? B; }",
            "new A { B = new D { X = 5, Y = 6 } }",
            "919105"),
        Works(
            "an interface with default members",
            "public interface I { int Y => 3; } [NetContract] public partial class A : I { [Key(0)] public int X; }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "a base constructor that is needed",
            "public class B { protected B(int seed) => Seed = seed; [IgnoreMember] public int Seed { get; } } [NetContract] public partial class A : "
                + "B { public A() : base(1) { } [Key(0)] public int X; }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "attributes on the base only",
            "[NetContract] public partial class B { [Key(0)] public int X; } public class C : B; [NetContract] public partial class A { [Key(0)] "
                + "public B? X; }",
            "new A { X = new C { X = 5 } }",
            "919105"),
    ];
}

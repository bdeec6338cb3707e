namespace NetLoop.Tests.Generators.Shapes;

internal static partial class ShapeTable
{
    private static readonly string[] Contextual =
    [
        "required", "scoped", "file", "extension", "field", "record", "partial", "where", "var", "dynamic", "nint", "managed", "unmanaged", "notnull", "allows",
        "init",
        "with", "and", "or", "not", "await", "async", "yield", "when", "global", "alias", "value", "get", "set", "lower",
    ];

    private static readonly string[] Locals =
    [
        "reader", "writer", "value", "count", "layout", "at", "key", "read", "defaults", "reusable", "anyForm", "type", "tag", "index", "case0", "xBits",
        "xSeen",
        "Bits", "Seen", "budget", "names", "self", "item", "length", "name", "text", "bytes", "buffer", "position", "status",
    ];

    private static IReadOnlyList<Shape> Names =>
    [
        .. Contextual.Where(name => name is not "nint" and not "unmanaged" and not "notnull" and not "var" and not "dynamic").Select(name => Works(
            $"a type called {name}", $"#pragma warning disable CS8981\n[NetContract] public partial class @{name} {{ [Key(0)] public int X; }} "
                + $"[NetContract] public partial class A {{ [Key(0)] public @{name}? X; }}\n#pragma warning restore CS8981\n",
                $"new A {{ X = new @{name} {{ X = 5 }} }}", "919105")),
        Works(
            "members called like keywords",
            "[NetContract] public partial class A { [Key(0)] public int @class; [Key(1)] public int @event; [Key(2)] public int @record; [Key(3)] "
                + "public int @default; [Key(4)] public int @field; }",
            "new A { @class = 1, @event = 2, @record = 3, @default = 4, @field = 5 }",
            "950102030405"),
        Works(
            "members called like locals",
            "[NetContract] public partial class A { " + string.Concat(Locals.Select((name, index) => $"[Key({index})] public int {name};")) + " }",
            "new A { reader = 5 }"),
        Works(
            "members called like locals, by name",
            "[NetContract] public partial class A { " + string.Concat(Locals.Select(name => $"[Key(\"{name}\")] public string? {name};")) + " }",
            "new A { reader = \"x\" }"),
        Works(
            "members called like locals, of fixed size by constructor",
            "[NetContract] public partial record struct A([property: Key(0)] byte reader, [property: Key(1)] byte layout, [property: Key(2)] "
                + "DayOfWeek x, [property: Key(3)] byte xBits, [property: Key(4)] byte value);",
            "new A(1, 2, DayOfWeek.Friday, 4, 5)",
            "950102050405"),
        Works("a member called _", "[NetContract] public partial class A { [Key(0)] public int _ { get; set; } }", "new A { _ = 5 }", "9105"),
        Works(
            "a positional member called _",
            "[NetContract] public partial record struct B([property: Key(0)] byte _); [NetContract] public partial class A { [Key(0)] public B _; "
                + "[Key(1)] public List<int>? __; }",
            "new A { _ = new B(5), __ = [6] }",
            "9291059106"),
        Works(
            "members of other alphabets",
            "[NetContract] public partial class A { [Key(0)] public int ünï; [Key(1)] public int 名; [Key(2)] public int İI; [Key(3)] public int ıi; }",
            "new A { ünï = 1, 名 = 2, İI = 3, ıi = 4 }",
            "9401020304"),
        Works(
            "members with underscores and digits",
            "[NetContract] public partial class A { [Key(0)] public int _0; [Key(1)] public int __1; [Key(2)] public int X_; [Key(3)] public int m_x; }",
            "new A { _0 = 1, __1 = 2, X_ = 3, m_x = 4 }",
            "9401020304"),
        Works(
            "types called like those of the system",
            "namespace OfTheSystem { [NetContract] public partial class String { [Key(0)] public int List; } [NetContract] public partial struct "
                + "Int32 { [Key(0)] public String? Type; } [NetContract] public partial class Object { [Key(0)] public Int32 X; } }",
            "new OfTheSystem.Object { X = new OfTheSystem.Int32 { Type = new OfTheSystem.String { List = 5 } } }",
            "91919105"),
        Works(
            "a type called System",
            "namespace WithSystem { [NetContract] public partial class System { [Key(0)] public int X; } }",
            "new WithSystem.System { X = 5 }",
            "9105"),
        Works(
            "a type called NetLoop",
            "namespace WithEngine { [NetContract] public partial class NetLoop { [Key(0)] public int X; } }",
            "new WithEngine.NetLoop { X = 5 }",
            "9105"),
        Works(
            "a type called NetReader",
            "namespace WithReader { [NetContract] public partial class NetReader { [Key(0)] public int X; } [NetContract] public partial class "
                + "NetFormatters { [Key(0)] public NetReader? X; } }",
            "new WithReader.NetFormatters { X = new WithReader.NetReader { X = 5 } }",
            "919105"),
        Works(
            "a type called NetFormatter that is not generic",
            "[NetContract] public partial class NetFormatter { [Key(0)] public int X; }",
            "new NetFormatter { X = 5 }",
            "9105"),
        Works(
            "a namespace that is a keyword",
            "namespace Game.@event { [NetContract] public partial class A { [Key(0)] public int X; } }",
            "new Game.@event.A { X = 5 }",
            "9105"),
        Works(
            "a namespace of keywords only",
            "namespace @namespace.@class.@record { [NetMessage(#)] public partial class A { [Key(0)] public int X; } }",
            "new @namespace.@class.@record.A { X = 5 }",
            "9105"),
        Works(
            "a namespace inside of the engine's",
            "namespace NetLoop.Inside { [NetContract] public partial class A { [Key(0)] public int X; } }",
            "new NetLoop.Inside.A { X = 5 }",
            "9105"),
        Works(
            "a namespace inside of the system's",
            "namespace System.Inside { [NetContract] public partial class A { [Key(0)] public Int32 X; } }",
            "new System.Inside.A { X = 5 }",
            "9105"),
        Works(
            "a namespace inside of MessagePack",
            "namespace MessagePack.Inside { [NetContract] public partial class A { [Key(0)] public int X; } }",
            "new MessagePack.Inside.A { X = 5 }",
            "9105"),
        Works(
            "namespaces in namespaces",
            "namespace Outer1 { namespace Inner1.Deep { [NetContract] public partial class A { [Key(0)] public int X; } } }",
            "new Outer1.Inner1.Deep.A { X = 5 }",
            "9105"),
        Works(
            "a member called like its type",
            "[NetContract] public partial class Color { [Key(0)] public int X; } [NetContract] public partial class A { [Key(0)] public Color? Color "
                + "{ get; set; } }",
            "new A { Color = new Color { X = 5 } }",
            "919105"),
        Works(
            "a member called like the methods",
            "[NetContract] public partial class A { [Key(0)] public int Write; [Key(1)] public int TryRead; [Key(2)] public int MessageType; "
                + "[Key(3)] public int GetType_; }",
            "new A { Write = 1, TryRead = 2, MessageType = 3, GetType_ = 4 }",
            "9401020304"),
        Works(
            "methods called like the generated ones",
            "[NetMessage(#)] public partial class A { [Key(0)] public int X; public static void Write(int x) { } public static bool TryRead(int x) "
                + "=> true; public static int MessageType => 1; }",
            "new A { X = 5 }",
            "9105"),
        Works(
            "a type called like a member of Object",
            "[NetContract] public partial class A { [Key(0)] public int Equals_; [Key(1)] public new int ToString; public new int GetHashCode() => 1; }",
            "new A { Equals_ = 1, ToString = 2 }",
            "920102"),
        Works(
            "types that differ by case",
            "[NetContract] public partial class Turn { [Key(0)] public TURN? X; } [NetContract] public partial class TURN { [Key(0)] public int X; }",
            "new Turn { X = new TURN { X = 5 } }",
            "919105"),
        Works(
            "types that differ by arity",
            "[NetContract] public partial class G { [Key(0)] public int X; } [NetContract] public partial class G<T> { [Key(0)] public T? X; } "
                + "[NetContract] public partial class G<T, U> { [Key(0)] public U? X; } [NetContract] public partial class A { [Key(0)] public G? X; "
                    + "[Key(1)] public G<int>? Y; [Key(2)] public G<int, string>? Z; }",
            "new A { X = new G { X = 1 }, Y = new G<int> { X = 2 }, Z = new G<int, string> { X = \"z\" } }",
            "93910191029191A17A".Replace("9191A17A", "91A17A", StringComparison.Ordinal)),
        Works(
            "a using alias for a member's type",
            "namespace Aliased { using Number = System.Int32; [NetContract] public partial class A { [Key(0)] public Number X; } }",
            "new Aliased.A { X = 5 }",
            "9105"),
        Works(
            "a using alias for the attribute",
            "namespace AliasedAttribute { using Sent = NetLoop.NetContractAttribute; using K = MessagePack.KeyAttribute; [Sent] public partial class "
                + "A { [K(0)] public int X; } }",
            "new AliasedAttribute.A { X = 5 }",
            "9105"),
        Works(
            "full names of the attributes",
            "[global::NetLoop.NetContractAttribute()] public partial class A { [global::MessagePack.KeyAttribute(x: 0)] public int X; }",
            "new A { X = 5 }",
            "9105"),
    ];

    private static IReadOnlyList<Shape> Nesting =>
    [
        Works("nested in a class", "public partial class O { [NetContract] public partial class A { [Key(0)] public int X; } }", "new O.A { X = 5 }", "9105"),
        Works(
            "nested in a static class",
            "public static partial class O { [NetContract] public partial class A { [Key(0)] public int X; } }",
            "new O.A { X = 5 }",
            "9105"),
        Works(
            "nested in an interface",
            "public partial interface O { [NetContract] public partial class A { [Key(0)] public int X; } }",
            "new O.A { X = 5 }",
            "9105"),
        Works(
            "nested in a record", "public partial record O { [NetContract] public partial record struct A([property: Key(0)] int X); }", "new O.A(5)", "9105"),
        Works(
            "nested in a struct", "public partial struct O { [NetContract] public partial struct A { [Key(0)] public int X; } }", "new O.A { X = 5 }", "9105"),
        Works(
            "nested in a generic type",
            "public partial class O<T> where T : struct { [NetContract] public partial class A { [Key(0)] public int X; } }",
            "new O<int>.A { X = 5 }",
            "9105"),
        Works(
            "nested four deep",
            "public partial interface O<T> { public static partial class P { internal partial record Q { public partial record struct R { "
                + "[NetContract] public partial class A { [Key(0)] public int X; } } } } }",
            "new O<int>.P.Q.R.A { X = 5 }",
            "9105"),
        Works(
            "private and nested",
            "public partial class O { [NetContract] private partial class A { [Key(0)] public int X; } [NetContract] public partial class B { "
                + "[Key(0)] private A? _a = new() { X = 5 }; public bool IsThere => _a is not null; } }",
            "new O.B()",
            "919105"),
        Works(
            "protected and nested",
            "public partial class O { [NetContract] protected partial class A { [Key(0)] public int X; } [NetContract] protected internal partial "
                + "class B { [Key(0)] private A? _a = new() { X = 5 }; public bool IsThere => _a is not null; } [NetContract] public partial class C "
                    + "{ [Key(0)] private B? _b = new(); public bool IsThere => _b is not null; } }",
            "new O.C()",
            "91919105"),
        Works(
            "internal",
            "[NetContract] internal partial class A { [Key(0)] public int X; } [NetContract] public partial class B { [Key(0)] internal A? A; }",
            "new B { A = new A { X = 5 } }",
            "919105"),
        Works(
            "in several parts",
            "[NetContract] public partial class A { [Key(0)] public int X; } public partial class A { [Key(1)] public int Y; }",
            "new A { X = 5, Y = 6 }",
            "920506"),
        Works(
            "a part with constraints and a base",
            "public interface I; public class B { [Key(1)] public int Y; } [NetContract] public partial class A : I { [Key(0)] public int X; } "
                + "public partial class A : B;",
            "new A { X = 5, Y = 6 }",
            "920506"),
        Works(
            "a message nested in a contract",
            "[NetContract] public partial class O { [Key(0)] public A? Inner; [NetMessage(#)] public partial class A { [Key(0)] public int X; } }",
            "new O { Inner = new O.A { X = 5 } }",
            "919105"),
        Works("message and contract at once", "[NetMessage(#), NetContract] public partial class A { [Key(0)] public int X; }", "new A { X = 5 }", "9105"),
        Works(
            "contract nested in itself",
            "[NetContract] public partial class A { [Key(0)] public Inner? X; [NetContract] public partial class Inner { [Key(0)] public A? Y; } }",
            "new A { X = new A.Inner() }",
            "9191C0"),
    ];
}

namespace NetLoop.Tests.Generators.Shapes;

internal static partial class ShapeTable
{
    // Evaluated on use, because the tables that it combines are in other files.
    public static IReadOnlyList<Shape> Refused => field ??=
    [
        Fails(
            "a struct that contains itself",
            "",
            "[NetContract] public partial struct A { [Key(0)] public A X { get; set; } }") with { Findings = [], CompilerErrors = ["CS0523"] },
        Fails(
            "structs that contain each other",
            "",
            "[NetContract] public partial struct A { [Key(0)] public B X { get; set; } } "
                + "[NetContract] public partial struct B { [Key(0)] public A X { get; set; } }") with
        {
            Findings = [],
            CompilerErrors = ["CS0523"],
        },
        Fails(
            "a struct that contains itself in a tuple",
            "",
            "[NetContract] public partial struct A { [Key(0)] public (A, int) X { get; set; } }") with { Findings = [], CompilerErrors = ["CS0523"] },
        Fails(
            "a class that derives from itself",
            "",
            "[NetContract] public partial class A : A { [Key(0)] public int X; }") with { Findings = [], CompilerErrors = ["CS0146"] },
        Fails(
            "a generic contract that grows",
            "NL0014",
            "[NetContract] public partial class R<T> { [Key(0)] public R<R<T>>? Next { get; set; } } [NetMessage(#)] public partial class M { "
                + "[Key(0)] public R<int>? R { get; set; } }"),
        Fails(
            "a generic contract that grows by a list",
            "NL0014",
            "[NetContract] public partial class R<T> { [Key(0)] public R<List<T>>? Next { get; set; } } [NetMessage(#)] public partial class M { "
                + "[Key(0)] public R<int>? R { get; set; } }"),
        Fails(
            "a generic contract that grows by an array",
            "NL0014",
            "[NetContract] public partial class R<T> { [Key(0)] public List<R<T[]>>? Next { get; set; } }"),
        Fails(
            "generic contracts that grow together",
            "NL0014",
            "[NetContract] public partial class R<T> { [Key(0)] public S<T?[]>? Next { get; set; } } "
                + "[NetContract] public partial class S<T> { [Key(0)] public R<T>? Next { get; set; } }") with
        {
            Findings = ["NL0014", "NL0014"],
        },
        Fails(
            "a generic contract that grows in its base",
            "NL0014",
            "public class B<T> { [Key(0)] public R<(T, T)>? Next; } [NetContract] public partial class R<T> : B<T>;"),
        Fails(
            "a private setter of the base",
            "NL0006",
            "public class B { [Key(0)] public int X { get; private set; } } [NetContract] public partial class A : B;"),
        Fails(
            "a private getter of the base",
            "NL0006",
            "public class B { [Key(0)] public int X { private get; set; } } [NetContract] public partial class A : B;"),
        Fails(
            "an explicit implementation",
            "NL0013",
            "public interface I { int X { get; set; } } [NetContract] public partial class A : I { [Key(0)] int I.X { get; set; } }"),
        Fails(
            "a keyed member hidden by a method",
            "NL0013",
            "public class B { [Key(0)] public int X; } [NetContract] public partial class A : B { public new int X() => 5; }"),
        Fails(
            "a keyed member hidden by a static member",
            "NL0013",
            "public class B { [Key(0)] public int X; } [NetContract] public partial class A : B { public new static int X; }"),
        Fails(
            "a keyed member hidden by one with another key",
            "NL0013",
            "public class B { [Key(0)] public int X; } [NetContract] public partial class A : B { [Key(1)] public new int X; }"),
        Fails(
            "a keyed member hidden by one with the same key",
            "NL0013",
            "public class B { [Key(0)] public int X; } [NetContract] public partial class A : B { [Key(0)] public new int X; }"),
        Fails(
            "a keyed member hidden by a type",
            "NL0013",
            "public class B { [Key(0)] public int X; } [NetContract] public partial class A : B { public new class X; }"),
        Fails(
            "a keyed private field of the base",
            "NL0013",
            "public class B { [Key(0)] private int _x = 5; public int Get() => _x; } [NetContract] public partial class A : B;"),
        Fails(
            "a keyed private property of the base",
            "NL0013",
            "public class B { [Key(0)] private int X { get; set; } } [NetContract] public partial class A : B;"),
        Fails("a keyed static property", "NL0013", "[NetContract] public partial class A { [Key(0)] public static int X { get; set; } }"),
        Fails("a keyed static field", "NL0013", "[NetContract] public partial class A { [Key(0)] public static int X; }"),
        Fails("a keyed constant", "NL0013", "[NetContract] public partial class A { [Key(0)] public const int X = 5; }"),
        Fails("an inline array", "NL0006", "[NetContract, InlineArray(4)] public partial struct A { [Key(0)] public int X; }"),
        Fails(
            "a hand-written contract with the attribute",
            "NL0006",
            "[NetContract] public partial class A : INetContract<A> { [Key(0)] public int X; static void INetContract<A>.Write(ref NetWriter writer, "
                + "in A value) { } static bool INetContract<A>.TryRead(ref NetReader reader, out A value) { value = new(); return true; } }"),
        Fails(
            "a hand-written message with the attribute",
            "NL0006",
            "[NetMessage(#)] public partial class A : INetMessage<A> { static int INetMessage<A>.MessageType => 70; static void "
                + "INetContract<A>.Write(ref NetWriter writer, in A value) { } static bool INetContract<A>.TryRead(ref NetReader reader, out A "
                    + "value) { value = new(); return true; } }"),
        Fails(
            "a member called NetFormatter in a generic contract",
            "NL0006",
            "[NetContract] public partial class G<T> { [Key(0)] public T? NetFormatter { get; set; } }"),
        Fails("a generic contract called NetFormatter", "NL0006", "[NetContract] public partial class NetFormatter<T> { [Key(0)] public T? X { get; set; } }"),
        Fails(
            "inside of a type of one file", "NL0006", "file partial class O { [NetContract] public partial class A { [Key(0)] public int X { get; set; } } }"),
        Fails("local to its file", "NL0006", "[NetContract] file partial class A { [Key(0)] public int X { get; set; } }"),
        Fails("half a surrogate pair as a key", "NL0008", "[NetContract] public partial class A { [Key(\"\\ud800\")] public int X; }"),
        Fails("the other half at the end", "NL0008", "[NetContract] public partial class A { [Key(\"x\\udc00\")] public int X; [Key(\"😀\")] public int Y; }"),
        Fails("index 256", "NL0008", "[NetContract] public partial class A { [Key(256)] public int X; }"),
        Fails("index -1", "NL0008", "[NetContract] public partial class A { [Key(-1)] public int X; }"),
        Fails("names and indexes", "NL0008", "[NetContract] public partial class A { [Key(\"a\")] public int X; [Key(0)] public int Y; }"),
        Fails("two members with one index", "NL0002", "[NetContract] public partial class A { [Key(0)] public int X; [Key(0)] public int Y; }"),
        Fails("two members with one name", "NL0002", "[NetContract] public partial class A { [Key(\"x\")] public int X; [Key(\"x\")] public int Y; }"),
        Fails(
            "a key that the base has",
            "NL0002",
            "public class B { [Key(0)] public int X; } [NetContract] public partial class A : B { [Key(0)] public int Y; }"),
        Fails("a member without a key", "NL0007", "[NetContract] public partial class A { [Key(0)] public int X; public int Y; }"),
        Fails(
            "not partial", "NL0003", "[NetContract] public class A { [Key(0)] public int X; } [NetContract] public partial class B { [Key(0)] public A? X; }"),
        Fails("in a type that is not partial", "NL0003", "public class O { [NetContract] public partial class A { [Key(0)] public int X; } }"),
        Fails(
            "a generic contract that is not partial, used",
            "NL0003",
            "[NetContract] public class G<T> { [Key(0)] public T? X; } [NetContract] public partial class A { [Key(0)] public G<int>? X; } "
                + "[NetContract] public partial class B<T> { [Key(0)] public G<T>? X; }"),
        Fails(
            "a broken contract, used",
            "NL0007",
            "[NetContract] public partial class A { public int X; } [NetContract] public partial class B { [Key(0)] public A? X; [Key(1)] public "
                + "List<A>? Y; } public static class User { public static byte[] Send(A a) => NetMessagePack.Serialize(a); }"),
        Fails(
            "a broken generic contract, used",
            "NL0007",
            "[NetContract] public partial class G<T> { public T? X; } [NetContract] public partial class B { [Key(0)] public G<int>? X; }"),
        Fails(
            "a broken message, sent",
            "NL0004",
            "[NetMessage(#)] public partial class A { [Key(0)] public object? X; } public static class User { public static byte[] Send(A a) => "
                + "NetMessagePack.Serialize(a); }"),
        Fails("a static class", "NL0006", "[NetContract] public static partial class A;"),
        Fails("an abstract class", "NL0006", "[NetContract] public abstract partial class A { [Key(0)] public int X; }"),
        Fails("a ref struct", "NL0006", "[NetContract] public ref partial struct A { [Key(0)] public int X; }"),
        Fails("an interface without cases", "NL0006", "[NetContract] public partial interface A { [Key(0)] int X { get; set; } }"),
        Fails("no constructor that fits", "NL0006", "[NetContract] public partial class A { public A(int other) { } [Key(0)] public int X { get; } }"),
        Fails("a getter without a constructor", "NL0006", "[NetContract] public partial class A { [Key(0)] public int X => 5; }"),
        Fails("a setter without a getter", "NL0006", "[NetContract] public partial class A { [Key(0)] public int X { set { } } }"),
        Fails("a required member that is not sent", "NL0006", "[NetContract] public partial class A { [IgnoreMember] public required int X; }"),
        Fails("a generic message", "NL0010", "[NetMessage(#)] public partial class A<T> { [Key(0)] public T? X; }"),
        Fails("a reserved number", "NL0005", "[NetMessage(3)] public partial class A;"),
        Fails("a number that is too large", "NL0005", "[NetMessage(65536)] public partial class A;"),
        Fails("a union that is a class", "NL0009", "[Union(0, typeof(C))] public partial class I; [NetContract] public partial class C : I;"),
        Fails("a union with a foreign type", "NL0009", "[Union(0, typeof(string))] public partial interface I;"),
        Fails(
            "a union with a broken case",
            "NL0007",
            "[Union(0, typeof(C))] public partial interface I; [NetContract] public partial class C : I { public int X; }"),
        .. RefusedTypes(),
    ];

    private static IEnumerable<Shape> RefusedTypes() => new[]
    {
        "object", "dynamic", "int[,]", "nint", "nuint", "Action", "Func<int>", "Random", "Exception", "Type", "System.Threading.Tasks.Task<int>", "Lazy<int>",
        "Memory<int>", "ReadOnlyMemory<char>",
        "ArraySegment<int>", "System.Buffers.ReadOnlySequence<byte>", "IAsyncEnumerable<int>", "System.Numerics.Vector<float>", "SortedSet<int>",
        "SortedDictionary<int, int>", "SortedList<int, int>", "PriorityQueue<int, int>",
        "System.Collections.BitArray", "System.Collections.Hashtable", "System.Collections.Concurrent.ConcurrentQueue<int>", "ImmutableQueue<int>",
        "IGrouping<int, int>", "Nullable<nint>", "List<object>", "HashSet<decimal>",
        "HashSet<List<int>>", "Dictionary<byte[], int>", "ImmutableHashSet<int?>", "(int, object)", "Tuple<Random>", "KeyValuePair<int, Random>",
        "IEnumerable<Random?>", "System.Text.StringBuilder", "System.Net.IPAddress", "Enum", "ValueType",
        "System.IO.Stream", "IDisposable", "IComparable<int>", "Index", "Range", "CancellationTokenLike",
    }.Select(type => Fails(
        $"a member that is a {type}", "NL0004", $"public class CancellationTokenLike; [NetContract] public partial class A {{ [Key(0)] public {type} "
            + "X { get; set; } = default!; } [NetContract] public partial class B { [Key(0)] public A? X; }"));
}

using System.Globalization;
using Microsoft.CodeAnalysis;
using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>For any annotations of MessagePack-CSharp: the same bytes as that library writes, or a finding that says what to do.</summary>
[Parallelizable]
public sealed class ForeignAnnotationTests
{
    private const string Ways = "write it with Codec = typeof(MessagePackSerializerCodec) of NetLoop.MessagePack, or mark it [NotNetContract]";

    /// <summary>Annotated types, and an expression that creates a value of A.</summary>
    private static readonly (string Name, string Types, string Value)[] Honoured =
    [
        ("memberless names", "[MessagePackObject(true)] public partial class A { }", "new A()"),
        ("memberless indexes", "[MessagePackObject] public partial class A { }", "new A()"),
        ("properties before fields", "[MessagePackObject(true)] public partial class A { public int F1; public int P1 { get; set; } public int F2; "
            + "public int P2 { get; set; } }",
            "new A { F1 = 1, P1 = 2, F2 = 3, P2 = 4 }"),
        ("bases first", "[MessagePackObject(true)] public partial class B { public int X { get; set; } public int F; } [MessagePackObject(true)] "
            + "public partial class A : B { public int Y { get; set; } public int G; }",
            "new A { X = 1, F = 2, Y = 3, G = 4 }"),
        ("an override among names", "[MessagePackObject(true)] public partial class B { public virtual int X { get; set; } public int Y { get; set; } } "
            + "[MessagePackObject(true)] public partial class A : B { public override int X { get; set; } }",
            "new A { X = 1, Y = 2 }"),
        ("an override with an inherited key", "public abstract class B { [Key(0)] public virtual int X { get; set; } } "
            + "[MessagePackObject] public partial class A : B { public override int X { get; set; } }",
            "new A { X = 1 }"),
        ("IgnoreDataMember among names", "[MessagePackObject(true)] public partial class A { public int X { get; set; } "
            + "[System.Runtime.Serialization.IgnoreDataMember] public int Secret { get; set; } }",
            "new A { X = 1, Secret = 2 }"),
        ("IgnoreDataMember with a key", "[MessagePackObject] public partial class A { [Key(0)] public int X { get; set; } [Key(1), "
            + "System.Runtime.Serialization.IgnoreDataMember] public int Secret { get; set; } }",
            "new A { X = 1, Secret = 2 }"),
        (
            "DataMember beside keys",
            "[MessagePackObject] public partial class A { [Key(0), System.Runtime.Serialization.DataMember(Order = 5)] public int X { get; set; } }",
            "new A { X = 1 }"),
        (
            "a private setter",
            "[MessagePackObject(true)] public partial class A { public int X { get; private set; } = 4; public int Y { get; set; } }",
            "new A { Y = 2 }"),
        (
            "an internal setter",
            "[MessagePackObject(true)] public partial class A { public int X { get; internal set; } = 4; public int Y { get; set; } }",
            "new A { Y = 2 }"),
        (
            "a private getter",
            "[MessagePackObject(true)] public partial class A { public int X { private get; set; } public int Y { get; set; } }",
            "new A { X = 1, Y = 2 }"),
        ("a private setter that a constructor stands for", "[MessagePackObject(true)] public partial class A { public A(int x) => X = x; public int "
            + "X { get; private set; } public int Y { get; set; } }",
            "new A(3) { Y = 2 }"),
        ("no setter, but a constructor", "[MessagePackObject(true)] public partial class A { public A(int x, int y) => (X, Y) = (x, y); public A(int "
            + "x) => X = x; public int X { get; } public int Y { get; } public int Sum => X + Y; }",
            "new A(3, 4)"),
        ("a marked constructor", "[MessagePackObject(true)] public partial class A { public A() { } [SerializationConstructor] public A(int y) => Y "
            + "= y; public int X { get; } = 3; public int Y { get; } }",
            "new A(4)"),
        (
            "a readonly field",
            "[MessagePackObject(true)] public partial class A { public readonly int X = 4; public int Y; public static int Z = 1; public const int W = 2; }",
            "new A { Y = 2 }"),
        ("init", "[MessagePackObject(true)] public partial class A { public int X { get; init; } }", "new A { X = 1 }"),
        ("a positional record", "[MessagePackObject(true)] public partial record A(int X, string Y) { public int Z { get; set; } public int Sum => X "
            + "+ Z; public int F; }",
            "new A(1, \"y\") { Z = 2, F = 3 }"),
        (
            "a record of a record",
            "[MessagePackObject(true)] public partial record B(int X); [MessagePackObject(true)] public partial record A(int X, int Y) : B(X);",
            "new A(1, 2)"),
        (
            "a struct",
            "[MessagePackObject(true)] public partial struct A { public A(int x) { X = x; Y = 0; } public int X { get; private set; } public int Y { "
                + "get; set; } }",
            "new A(3) { Y = 2 }"),
        (
            "an explicit implementation",
            "public interface I { int X { get; set; } } [MessagePackObject(true)] public partial class A : I { int I.X { get; set; } = 9; public int "
                + "Y { get; set; } }",
            "new A { Y = 2 }"),
        (
            "an indexer",
            "[MessagePackObject(true)] public partial class A { public int this[int i] { get => 1; set { } } public int Y { get; set; } }",
            "new A { Y = 2 }"),
        (
            "a keyed private setter",
            "[MessagePackObject] public partial class A { public A() { } public A(int x) => X = x; [Key(0)] public int X { get; private set; } }",
            "new A(4)"),
        (
            "private with AllowPrivate",
            "[MessagePackObject(AllowPrivate = true)] public partial class A { public A() { } public A(int x) => X = x; [Key(0)] private int X { "
                + "get; set; } [Key(1)] internal int Y; }",
            "new A(4) { Y = 2 }"),
        ("a codec", "[NetContract(Codec = typeof(MessagePackSerializerCodec))] [MessagePackObject(true)] public partial class A { [Key(\"x\")] "
            + "public int[,] X { get; set; } = new int[1, 2]; public object? Y { get; set; } }",
            "new A { Y = 2 }"),
        ("a codec with callbacks", "[NetContract(Codec = typeof(MessagePackSerializerCodec))] [MessagePackObject] public partial class A : "
            + "IMessagePackSerializationCallbackReceiver "
            + "{ [Key(0)] public int X { get; set; } public void OnBeforeSerialize() => X = 42; public void OnAfterDeserialize() { } }",
            "new A { X = 1 }"),
        ("a codec with a formatter", "[NetContract(Codec = typeof(MessagePackSerializerCodec))] [MessagePackObject] public partial class A { "
            + "[Key(0), MessagePackFormatter(typeof(MessagePack.Formatters.NativeDateTimeFormatter))] public DateTime X { get; set; } }",
            "new A { X = DateTime.UnixEpoch }"),
    ];

    [Test]
    public void HonouredAnnotations_BothLibraries_AgreeBothWays()
    {
        // Compiled together, each case in its own class, because compiling takes the most time.
        string types = string.Concat(
            Honoured.Select((one, i) => $"public static partial class Case{i} {{ {one.Types} public static A Make(Random r, int d) => {one.Value}; }}\n"));
        string shows = string.Concat(Honoured.Select((_, i) => $"visitor.Visit<Case{i}.A>(Case{i}.Make);\n"));
        var comparison = new MessagePackCSharpComparison();
        CompiledShapes.Show(
            $"using NetLoop.Tests.MessagePack.Interop; namespace Shapes;\n{types}public static class AllShapes {{ public static void "
                + $"Show(IShapeVisitor visitor) {{ {shows} }} }}",
            comparison);
        comparison.AssertNoDifference(Honoured.Length);
    }

    [TestCase("[MessagePackObject] [MessagePackFormatter(typeof(int))] public partial class A { [Key(0)] public int X { get; set; } }",
        $"generated code does not use its [MessagePackFormatter]; remove that, or {Ways}")]
    [TestCase("[NetContract] public partial class A { [Key(0), MessagePackFormatter(typeof(int))] public int X { get; set; } }",
        $"generated code does not use the [MessagePackFormatter] of 'X'; remove that, or {Ways}")]
    [TestCase("[MessagePackObject(true)] public partial record A([property: MessagePackFormatter(typeof(int))] int X);",
        $"generated code does not use the [MessagePackFormatter] of 'X'; remove that, or {Ways}")]
    [TestCase("[MessagePackObject] public partial class A : IMessagePackSerializationCallbackReceiver { [Key(0)] public int X { get; set; } public "
        + "void OnBeforeSerialize() { } public void OnAfterDeserialize() { } }",
        $"generated code does not call its IMessagePackSerializationCallbackReceiver; remove that interface, or {Ways}")]
    [TestCase("[MessagePackObject(true)] public partial class A { [Key(\"x\")] public int X { get; set; } }",
        "with keyAsPropertyName, the [Key] of 'X' has no effect; remove one of them")]
    [TestCase("[MessagePackObject] public partial class A { [Key(0)] private int X { get; set; } }",
        "'X' is not public, so that library sends nil; make it public, or write [MessagePackObject(AllowPrivate = true)]")]
    [TestCase("[MessagePackObject] public partial class A { [Key(0)] public int X { internal get; set; } }",
        "'X' is not public, so that library sends nil; make it public, or write [MessagePackObject(AllowPrivate = true)]")]
    [TestCase("[MessagePackObject(true, AllowPrivate = true)] public partial class A { public int X { get; set; } }",
        "keyAsPropertyName with AllowPrivate sends every private field and property by its name; remove AllowPrivate, or give the members keys")]
    public void AnnotationWithOtherBytes_IsAFinding(string source, string reason)
    {
        Diagnostic finding = GeneratorRun.Findings(source).Single();
        Assert.That(finding.Id, Is.EqualTo("NL0015"));
        Assert.That(finding.GetMessage(CultureInfo.InvariantCulture), Is.EqualTo($"'A' would not have the bytes that MessagePack-CSharp writes: {reason}"));
    }

    // What that library accepts and generated code does not; a contract never leaves something out silently.
    [TestCase("[MessagePackObject] public partial class A { [Key(0)] public int X { get; set; } [Key(1)] public int Twice => X * 2; }", "NL0006")]
    [TestCase("[MessagePackObject] public partial class A { [Key(0)] public List<int> L { get; } = []; }", "NL0006")]
    [TestCase("[MessagePackObject] public partial class A { [Key(0)] public object? X { get; set; } }", "NL0004")]
    [TestCase("[MessagePackObject] public partial class A { [Key(0)] public int[,]? X { get; set; } }", "NL0004")]
    [TestCase("[MessagePackObject] public partial class A { [Key(0)] public System.Collections.BitArray? X { get; set; } }", "NL0004")]
    [TestCase(
        "[MessagePackFormatter(typeof(int))] public enum E { X } [MessagePackObject] public partial class A { [Key(0)] public E X { get; set; } }",
        "NL0004")]
    [TestCase("[System.Runtime.Serialization.DataContract] public partial class D { [System.Runtime.Serialization.DataMember] public int X { get; set; } } "
        + "[MessagePackObject] public partial class A { [Key(0)] public D? X { get; set; } }", "NL0004")]
    [TestCase("[Union(0, \"B, Tested\")] public partial interface A; [MessagePackObject] public partial class B : A { }", "NL0009")]
    public void AnnotationThatCannotBeHonoured_IsAFinding(string source, string id) =>
        Assert.That(GeneratorRun.Findings(source).Select(finding => finding.Id), Is.EqualTo(new[] { id }));

    [TestCase(
        "[System.Runtime.Serialization.DataContract] public partial class A { [System.Runtime.Serialization.DataMember] public object? X { get; set; } }")]
    [TestCase("[NotNetContract] [MessagePackObject] public partial class A { [Key(0)] public object? X { get; set; } }")]
    [TestCase("[NotNetContract] [Union(0, typeof(B))] public partial interface A; public class B : A;")]
    [TestCase("[MessagePackObject] public class A { [Key(0)] public object? X { get; set; } }")]
    public void TypeOfThatLibraryAlone_IsNoContract(string source) => Assert.That(GeneratorRun.Files(source), Is.Empty);

    [Test]
    public void OptedOutType_InAContract_SaysWhatToDo()
    {
        Diagnostic finding = GeneratorRun.Findings(
            "[NotNetContract] [MessagePackObject] public partial class B { } [NetContract] public partial class A { [Key(0)] public B? X { get; set; "
                + "} }").Single();
        Assert.That(finding.GetMessage(CultureInfo.InvariantCulture), Does.EndWith("'B' is marked [NotNetContract]; mark it [NetContract] instead"));
    }

    [Test]
    public void OptedOutType_MarkedAsAContractToo_IsOne() =>
        Assert.That(GeneratorRun.Files("[NotNetContract] [NetContract] public partial class A { [Key(0)] public int X { get; set; } }"), Has.Length.EqualTo(1));
}

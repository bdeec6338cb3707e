using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

[Parallelizable]
public sealed class DiagnosticsTests
{
    private const string Codec = "write the contract with Codec = typeof(MessagePackSerializerCodec) of NetLoop.MessagePack";

    [Test]
    public void DuplicateMessageType_IsReportedAtTheSecond() => AssertFinding(
        "[NetMessage(100)] public partial record struct A; [NetMessage(100)] public partial record struct B; [NetMessage(101)] public partial record struct C;",
        "NL0001",
        "'B' has message type 100, which 'A' has too; give one of them another number",
        "B");

    [Test]
    public void DuplicateMessageType_InAnotherFile_IsReported()
    {
        ImmutableArray<Diagnostic> findings = GeneratorRun.Findings(
            "[NetMessage(100)] public partial record struct A;", "[NetMessage(100)] public partial record struct B;");
        Assert.That(findings.Select(finding => finding.Id), Is.EqualTo(new[] { "NL0001" }));
        Assert.That(findings[0].Location.GetLineSpan().Path, Is.EqualTo("Source1.cs"));
    }

    [Test]
    public void DuplicateIndex_IsReported() => AssertFinding(
        "[NetContract] public partial record struct A([property: Key(3)] int X, [property: Key(3)] int Y);",
        "NL0002",
        "Member 'Y' has key 3, which 'X' has too; give one of them another key",
        "Y");

    [Test]
    public void DuplicateName_IsReported() => AssertFinding(
        "[NetContract] public partial record struct A([property: Key(\"k\")] int X, [property: Key(\"k\")] int Y);",
        "NL0002",
        "Member 'Y' has key \"k\", which 'X' has too; give one of them another key",
        "Y");

    [Test]
    public void TypeNotPartial_IsReported() => AssertFinding(
        "[NetContract] public record struct A([property: Key(0)] int X);",
        "NL0003",
        "'A' must be declared partial, so that its MessagePack code can be added to 'A'",
        "A");

    [Test]
    public void ContainingTypeNotPartial_IsReported() => AssertFinding(
        "public class Outer { [NetContract] public partial record struct A([property: Key(0)] int X); }",
        "NL0003",
        "'Outer' must be declared partial, so that its MessagePack code can be added to 'A'",
        "A");

    [TestCase("object", "object", "use a [NetContract] type that names what is sent, or " + Codec)]
    [TestCase("int[,]", "int[*,*]", "use an array of arrays, or " + Codec)]
    [TestCase("nint", "nint", "use long or ulong, which have the same size everywhere")]
    [TestCase("Action", "System.Action", "only data can be sent")]
    [TestCase("Random", "System.Random", "copy the data of 'Random' into a [NetContract] type, put [IgnoreMember] on the member, or " + Codec)]
    [TestCase("SortedSet<int>", "System.Collections.Generic.SortedSet<int>", "use an array, List<T>, HashSet<T> or Dictionary<TKey, TValue>")]
    [TestCase(
        "Tuple<int, int, int, int, int, int, int, int>",
        "System.Tuple<int, int, int, int, int, int, int, int>",
        "the eighth item of a tuple must be a tuple of the rest")]
    [TestCase("(int, Random)", "System.Random", "copy the data of 'Random' into a [NetContract] type, put [IgnoreMember] on the member, or " + Codec)]
    [TestCase("List<Random?>", "System.Random", "copy the data of 'Random' into a [NetContract] type, put [IgnoreMember] on the member, or " + Codec)]
    [TestCase("HashSet<decimal>", "decimal", "as the key of a dictionary or the element of a set use an integer, an enum, a string, a Guid or a time")]
    [TestCase("Dictionary<byte[], int>", "byte[]", "as the key of a dictionary or the element of a set use an integer, an enum, a string, a Guid or a time")]
    [TestCase("Dictionary<int?, int>", "int?", "as the key of a dictionary or the element of a set use an integer, an enum, a string, a Guid or a time")]
    public void UnsupportedType_SaysWhichAndWhatToUse(string type, string named, string advice) => AssertFinding(
        $"[NetContract] public partial class A {{ [Key(0)] public {type} X {{ get; set; }} = default!; }}",
        "NL0004",
        $"Member 'X' uses type '{named}', which has no MessagePack form; {advice}",
        "X");

    [Test]
    public void UnsupportedType_ChildOfAContract_IsReported() => AssertFinding(
        "[NetContract] public partial class P { [Key(0)] public int X; } public class C : P; [NetContract] public partial class A { [Key(0)] public C? Y; }",
        "NL0004",
        "Member 'Y' uses type 'C', which has no MessagePack form; mark 'C' as [NetContract], or put [IgnoreMember] on the member",
        "Y");

    [Test]
    public void UnsupportedType_ParameterOfAnOuterType_IsReported() => AssertFinding(
        "public partial class Outer<T> { [NetContract] public partial record struct A([property: Key(0)] T X); }",
        "NL0004",
        "Member 'X' uses type 'T', which has no MessagePack form; use a concrete type, or a type parameter of the contract itself",
        "X");

    [Test]
    public void UnsupportedType_Interface_SaysHowToMakeAUnion() => AssertFinding(
        "public interface IPet; [NetContract] public partial class A { [Key(0)] public IPet? X; }",
        "NL0004",
        "Member 'X' uses type 'IPet', which has no MessagePack form; list the types of 'IPet' with [Union(0, typeof(...))] on it, or put "
            + "[IgnoreMember] on the member",
        "X");

    [TestCase("public partial class P { }", "only interfaces and abstract classes are unions; make it abstract")]
    [TestCase("public partial interface P<T> { }", "a union cannot be generic; make a union for each type argument")]
    public void Union_OfTheWrongKind_SaysWhy(string type, string reason) => AssertFinding(
        $"[Union(0, typeof(Dog))] {type} [NetContract] public partial class Dog : P{(type.Contains('<', StringComparison.Ordinal) ? "<int>" : "")};",
        "NL0009",
        $"'P' is not a usable union: {reason}",
        "P",
        onlyFirst: true);

    [TestCase("Union(1, typeof(Cat))", "'Cat' has tag 1, which 'Dog' has too; give one of them another tag")]
    [TestCase("Union(2, typeof(Dog))", "'Dog' is listed twice; remove one")]
    [TestCase("Union(2, typeof(Rock))", "'Rock' does not implement it; remove it from the list")]
    [TestCase("Union(2, typeof(Bird))", "'Bird' is not a contract; mark it [NetContract]")]
    [TestCase("Union(2, typeof(ISong))", "'ISong' is abstract, so no value has this type; list the types that implement it instead")]
    [TestCase("Union(2, typeof(Box<>))", "'Box' is generic; write the type arguments too")]
    public void Union_Mistake_SaysWhatToWrite(string attribute, string reason) => AssertFinding(
        $"[Union(1, typeof(Dog)), {attribute}] public partial interface IPet; [NetContract] public partial class Dog : IPet; [NetContract] public "
            + "partial class Cat : IPet;"
            + " [NetContract] public partial class Rock; public class Bird : IPet; public interface ISong : IPet; [NetContract] public partial class "
                + "Box<T> : IPet;",
        "NL0009",
        $"'IPet' is not a usable union: {reason}",
        "IPet");

    [Test]
    public void Message_Generic_IsReported() => AssertFinding(
        "[NetMessage(100)] public partial record struct A<T>([property: Key(0)] T X);",
        "NL0010",
        "'A' is generic, and all types made of it would have message type 100; mark it [NetContract] and use it as a member of a message",
        "A");

    [Test]
    public void MarkedConstructor_ThatDoesNotFit_SaysWhy() => AssertFinding(
        "[NetContract] public partial class A { public A() { } [SerializationConstructor] public A(string other) { } [Key(0)] public int X { get; set; } }",
        "NL0006",
        "'A' cannot be built when it is read: the parameters of its [SerializationConstructor] must have the name, or the place, and the type of "
            + "keyed members; all other members must be settable or init",
        "A");

    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(3)]
    [TestCase(63)]
    [TestCase(65_536)]
    public void MessageType_ReservedOrOutOfRange_IsReported(int type) => AssertFinding(
        $"[NetMessage({type})] public partial record struct A;",
        "NL0005",
        $"'A' has message type {type}; applications have 64 to 65535, 0 to 63 belong to the engine",
        "A");

    [Test]
    public void MessageType_OfTheEngine_MayBeReserved()
    {
        Compilation engine = GeneratorRun.Compile("[NetMessage(1)] public partial record struct A;").WithAssemblyName("NetLoop.Engine");
        Assert.That(GeneratorRun.Findings(engine), Is.Empty);
    }

    [TestCase(
        "public partial class A { public A(int other) { } [Key(0)] public int X { get; } }",
        "give it a constructor whose parameters are named like its keyed members, or make those members settable or init")]
    [TestCase("public partial class A { [Key(0)] public int X { set { } } }", "property 'X' has no getter; add one")]
    [TestCase(
        "public abstract partial class A { [Key(0)] public int X { get; set; } }",
        "it is abstract; list the types of its values with [Union(0, typeof(...))] on it, or mark those types instead")]
    [TestCase("file partial class A { [Key(0)] public int X { get; set; } }", "it is local to its file, which no other file can add to; make it internal")]
    [TestCase("public ref partial struct A { [Key(0)] public int X { get; set; } }", "a ref struct cannot leave the stack; make it an ordinary struct")]
    [TestCase(
        "public partial class A { [Key(0)] public int X { get; set; } [IgnoreMember] public required object Y { get; set; } }",
        "member 'Y' is required and not sent; give it a key, or remove 'required'")]
    public void NoWayToBuild_SaysWhy(string type, string reason) => AssertFinding(
        $"[NetContract] {type}",
        "NL0006",
        $"'A' cannot be built when it is read: {reason}",
        "A");

    [Test]
    public void NoKeyAtAll_SaysWhatToWrite()
    {
        ImmutableArray<Diagnostic> findings = GeneratorRun.Findings("[NetContract] public partial record struct A(int X, int Y);");
        Assert.That(findings.Select(Text), Is.EqualTo(new[]
        {
            "Member 'X' of 'A' has no key; write [Key(0)] on it ([property: Key(0)] in a positional record), or [IgnoreMember] to leave it out",
            "Member 'Y' of 'A' has no key; write [Key(1)] on it ([property: Key(1)] in a positional record), or [IgnoreMember] to leave it out",
        }));
    }

    [Test]
    public void OneMemberWithoutKey_IsReportedWithTheNextFreeOne() => AssertFinding(
        "[NetContract] public partial class A { [Key(4)] public int X; public int Y; public int Computed => X; [IgnoreMember] public int Z; private "
            + "int _w = 1; public override string ToString() => $\"{_w}\"; }",
        "NL0007",
        "Member 'Y' of 'A' has no key; write [Key(5)] on it ([property: Key(5)] in a positional record), or [IgnoreMember] to leave it out",
        "Y");

    [TestCase(-1)]
    [TestCase(256)]
    public void Index_OutOfRange_IsReported(int index) => AssertFinding(
        $"[NetContract] public partial record struct A([property: Key({index})] int X);",
        "NL0008",
        $"Member 'X' has key {index}; use an index from 0 to 255",
        "X");

    [Test]
    public void NamesAndIndexes_InOneContract_AreReported() => AssertFinding(
        "[NetContract] public partial record struct A([property: Key(\"a\")] int X, [property: Key(1)] int Y);",
        "NL0008",
        "Member 'Y' has key 1; other members have names; use either names or indexes in one contract",
        "Y");

    [TestCase("int", "its response 'int' is not a contract; mark a type of yours [NetContract] and respond with that")]
    [TestCase("Random", "its response 'System.Random' is not a contract; mark a type of yours [NetContract] and respond with that")]
    [TestCase("Box<int>", "its response 'Box<int>' is generic; make it a member of a [NetContract] type and respond with that")]
    [TestCase("B>, INetRequest<A", "it declares two responses, 'B' and 'A'; keep one of them")]
    public void Request_OfAResponseThatCannotBe_SaysWhy(string response, string problem) => AssertFinding(
        "[NetContract] public partial record struct B; [NetContract] public partial class Box<T> { [Key(0)] public T? X; } "
            + $"[NetMessage(100)] public partial record struct A : INetRequest<{response}>;",
        "NL0020",
        $"'A' cannot be a request: {problem}",
        "A");

    [TestCase("[NetContract] public partial record struct A", "it is a [NetContract], which has no number; mark it [NetMessage(101)]")]
    [TestCase("public partial record struct A", "it is not a message; mark it [NetMessage(101)]")]
    [TestCase("public class A", "it is not a message; mark it [NetMessage(101)]")]
    public void Request_ThatIsNoMessage_SaysWhatToWrite(string declaration, string problem) => AssertFinding(
        $"[NetMessage(100)] public partial record struct B; {declaration} : INetRequest<B>;",
        "NL0020",
        $"'A' cannot be a request: {problem}",
        "A");

    [Test]
    public void Request_ThatIsNoMessage_CompilesOtherwise() => Assert.That(
        GeneratorRun.Compile("public struct A : INetRequest<int>; class M { void Go(Session s) => s.RequestAsync(new A()); }").GetDiagnostics()
            .Where(finding => finding.Severity == DiagnosticSeverity.Error),
        Is.Empty);

    [TestCase("public abstract class A : INetRequest<B>;")]
    [TestCase("public interface IQuery<T> : INetRequest<T>;")]
    [TestCase("[NetMessage(101)] public partial class A : INetRequest<B>; public class C : A;")]
    [TestCase(
        "public class A : INetRequest<B> { public System.Threading.Tasks.Task<B> SendAsync(IMessageSender to, TimeSpan? timeout, "
            + "System.Threading.CancellationToken cancellation) => throw new InvalidOperationException(); }")]
    public void Request_ImplementedElsewhere_IsLeftAlone(string type) =>
        GeneratorRun.Files($"[NetMessage(100)] public partial record struct B; {type}");

    [Test]
    public void AllFindings_AreTheOnlyOnes()
    {
        // The broken contract throws; code that uses it, here a member and a call, compiles, so that nothing else is reported.
        Compilation compilation = GeneratorRun.Compile(
            "[NetContract] public partial record struct A(int X); [NetContract] public partial record struct B([property: Key(0)] A A); "
                + "[NetContract] public class C;"
            + " [NetContract] public partial class D { [Key(0)] public C? X; } class User { void M(D d) => NetMessagePack.Serialize(d); }");
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        Assert.That(output.GetDiagnostics().Where(finding => finding.Severity == DiagnosticSeverity.Error), Is.Empty);
        Assert.That(GeneratorRun.Findings(compilation).Select(finding => finding.Id), Is.EqualTo(new[] { "NL0007", "NL0003" }));
    }

    private static void AssertFinding(string source, string id, string message, string at, bool onlyFirst = false)
    {
        ImmutableArray<Diagnostic> findings = GeneratorRun.Findings(source);
        Assert.That((onlyFirst ? findings.Take(1) : findings).Select(finding => finding.Id), Is.EqualTo(new[] { id }));
        Assert.That(Text(findings[0]), Is.EqualTo(message));
        Assert.That(findings[0].Severity, Is.EqualTo(DiagnosticSeverity.Error));
        string text = GeneratorRun.Parse(source, "Source0.cs").ToString();
        Assert.That(text.Substring(findings[0].Location.SourceSpan.Start, findings[0].Location.SourceSpan.Length), Is.EqualTo(at));
    }

    private static string Text(Diagnostic finding) => finding.GetMessage(CultureInfo.InvariantCulture);
}

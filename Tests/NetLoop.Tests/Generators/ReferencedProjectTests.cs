using Microsoft.CodeAnalysis;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>Contracts of other projects: their assemblies describe the wire form.</summary>
[Parallelizable]
public sealed class ReferencedProjectTests
{
    private const string Shared =
        """
        namespace Game;
        [NetContract] public partial class Info
        {
            [Key(0)] private int _secret = 3; [Key(1)] public string Name { get; set; } = null!; [Key(2)] internal Hidden? Hidden { get; set; } [Key(3)] public Version V { get; set; } = null!;
        }
        [NetContract] internal partial class Hidden { [Key("a{b")] internal Box<Point[]>? B { get; set; } }
        [NetContract] public partial record struct Point([property: Key(0)] float X);
        [NetContract] public partial class Box<T> { [Key(0)] private T? _maybe; [Key(1)] public List<T> All { get; set; } = []; [Key(2)] public (T, Point?)[]? Inner { get; set; } }
        """;

    [Test]
    public void Description_OfAReferencedContract_IsItsOwn()
    {
        MetadataReference library = GeneratorRun.Reference(
            "Shared",
            Shared + "[NetMessage(99)] public partial class Own { [Key(0)] public Info? I; [Key(1)] public Box<string?>? B; [Key(2)] public Box<int>? C; }");
        string user = GeneratorRun.DescriptionText(
            "App",
            [library],
            "namespace Game; [NetMessage(102)] public partial class Uses { [Key(0)] public Info? I; [Key(1)] public Box<string?>? B; [Key(2)] public "
                + "Box<int>? C; }");
        string own = GeneratorRun.DescriptionText(
            "Shared",
            [],
            Shared + "[NetMessage(99)] public partial class Own { [Key(0)] public Info? I; [Key(1)] public Box<string?>? B; [Key(2)] public Box<int>? C; }");
        Assert.That(user.Replace("message 102 Game.Uses", "message 99 Game.Own", StringComparison.Ordinal), Is.EqualTo(own));
        Assert.That(user, Does.Contain("0 _secret: int32\n").And.Contain("  3 V: version, required\n").And.Contain("  \"a{b\": Game.Box<Game.Point[]>?\n"));
        Assert.That(
            user, Does.Contain("contract Game.Box<int>: array\n  0 _maybe: int32\n  1 All: array<int32>\n  2 Inner: array<tuple<int32, Game.Point?>>?\n"));
        Assert.That(
            user,
            Does.Contain("contract Game.Box<string?>: array\n  0 _maybe: string?\n  1 All: array<string?>\n  2 Inner: array<tuple<string?, Game.Point?>>?\n"));
    }

    [Test]
    public void Description_ChangeOfAPrivateMember_ChangesTheUsersToo()
    {
        const string user = "[NetMessage(102)] public partial class Uses { [Key(0)] public Game.Info? I; }";
        string before = GeneratorRun.DescriptionText("App", [GeneratorRun.Reference("Shared", Shared)], user);
        string after = GeneratorRun.DescriptionText(
            "App", [GeneratorRun.Reference("Shared", Shared.Replace("int _secret = 3", "string _secret = \"\"", StringComparison.Ordinal))], user);
        Assert.That(after, Is.EqualTo(before.Replace("0 _secret: int32", "0 _secret: string", StringComparison.Ordinal)).And.Not.EqualTo(before));
    }

    [Test]
    public void Base_OfAReferencedProject_MembersOutOfReachAreReported()
    {
        MetadataReference library = GeneratorRun.Reference(
            "Shared",
            "[NetContract] public partial class B { [Key(0)] private int _x = 5; [Key(1)] internal int Y; [Key(2)] public int Z; [Key(3)] protected int V; }"
            + "[NetContract] public partial class C { [Key(\"x: \\\"\")] private int _x = 5; [Key(\"y\")] public int Y; }");
        Compilation user = GeneratorRun.Compile(
            "[NetContract] public partial class D : B { [Key(4)] public int W; } [NetContract] public partial class E : C { [Key(\"w\")] public int "
                + "W; } [NetContract] public partial class F { [Key(0)] public B? X; }")
            .AddReferences(library);
        Assert.That(GeneratorRun.Findings(user).Select(finding => finding.GetMessage(null)), Is.EqualTo(new[]
        {
            "Member '_x' has a key but cannot be sent: it is a member of 'B' that 'D' cannot reach; make it protected or public",
            "Member 'Y' has a key but cannot be sent: it is a member of 'B' that 'D' cannot reach; make it protected or public",
            "Member '\"x: \\\"\"' has a key but cannot be sent: it is a member of 'C' that 'E' cannot reach; make it protected or public",
        }));
    }

    [Test]
    public void Contract_OfAnAssemblyWithoutTheGenerator_IsReported()
    {
        MetadataReference library = GeneratorRun.ReferenceWithoutGenerator(
            "Shared", "[NetContract] public partial class Info { [Key(0)] public int X; } [NetContract] public partial class Box<T> { [Key(0)] public T? X; }");
        Compilation user = GeneratorRun.Compile(
            "[NetContract] public partial class A { [Key(0)] public Info? I; [Key(1)] public Box<int>? B; }").AddReferences(library);
        Assert.That(GeneratorRun.Findings(user).Select(finding => finding.GetMessage(null)), Is.EqualTo(new[]
        {
            "Member 'I' uses type 'Info', which has no MessagePack form; 'Shared', where 'Info' is declared, was built without NetLoop's "
                + "generator; reference the package NetLoop.Engine there",
            "Member 'B' uses type 'Box<int>', which has no MessagePack form; 'Shared', where 'Box' is declared, was built without NetLoop's "
                + "generator; reference the package NetLoop.Engine there",
        }));
    }
}

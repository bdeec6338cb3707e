using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using NetLoop.CodeFixes;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>Each fix is applied as an editor would apply it, and the result compiles without a finding.</summary>
[Parallelizable]
public sealed class CodeFixTests
{
    private static readonly CodeFixProvider[] Providers =
    [
        new NumberCodeFix(), new PartialCodeFix(), new MemberCodeFix(), new SettableCodeFix(), new GenericMessageCodeFix(), new MessageCodeFix(),
        new ResponseCodeFix(),
    ];

    [TestCase(
        "[NetMessage(100)] public partial record struct A; [NetMessage(100)] public partial record struct B; [NetMessage(101)] public partial record struct C;",
        "Use 102, which is free",
        "[NetMessage(100)] public partial record struct A; [NetMessage(102)] public partial record struct B; [NetMessage(101)] public partial record "
            + "struct C;")]
    [TestCase(
        "[NetMessage(65535)] public partial record struct A; [NetLoop.NetMessageAttribute(65535)] public partial record struct B;",
        "Use 64, which is free",
        "[NetMessage(65535)] public partial record struct A; [NetLoop.NetMessageAttribute(64)] public partial record struct B;")]
    [TestCase(
        "[NetMessage(64)] public partial record struct A; [NetMessage(3)] public partial record struct B;",
        "Use 65, which is free",
        "[NetMessage(64)] public partial record struct A; [NetMessage(65)] public partial record struct B;")]
    [TestCase(
        "[NetContract] public partial record struct A([property: Key(3)] int X, [property: Key(3)] int Y);",
        "Use 4, which is free",
        "[NetContract] public partial record struct A([property: Key(3)] int X, [property: Key(4)] int Y);")]
    [TestCase(
        "[NetContract] public partial class A { [Key(\"k\")] public int X; [Key(\"k\")] public int Y; }",
        "Use \"Y\", which is free",
        "[NetContract] public partial class A { [Key(\"k\")] public int X; [Key(\"Y\")] public int Y; }")]
    [TestCase(
        "[NetContract] public partial record struct A([property: Key(\"a\")] int X, [property: Key(1)] int Y);",
        "Use \"Y\", which is free",
        "[NetContract] public partial record struct A([property: Key(\"a\")] int X, [property: Key(\"Y\")] int Y);")]
    [TestCase(
        "// What it is for.\n[NetContract] public record struct A([property: Key(0)] int X);",
        "Make it partial",
        "// What it is for.\n[NetContract] public partial record struct A([property: Key(0)] int X);")]
    [TestCase(
        "/* Outer. */ class Outer { [NetContract] public sealed class A { [Key(0)] public int X; } }",
        "Make it partial",
        "/* Outer. */ partial class Outer { [NetContract] public sealed partial class A { [Key(0)] public int X; } }")]
    [TestCase(
        "[NetContract] public partial class A { [Key(4)] public int X; /* Y. */ public int Y; }",
        "Give it the key 5",
        "[NetContract] public partial class A { [Key(4)] public int X; /* Y. */ [Key(5)] public int Y; }")]
    [TestCase(
        "[NetContract] public partial record struct A(int X);",
        "Give it the key 0",
        "[NetContract] public partial record struct A([property: Key(0)] int X);")]
    [TestCase(
        "[NetContract] public partial class A { [Key(\"x\")] public int X { get; set; } public int Y { get; set; } }",
        "Give it the key \"Y\"",
        "[NetContract] public partial class A { [Key(\"x\")] public int X { get; set; } [Key(\"Y\")] public int Y { get; set; } }")]
    [TestCase(
        "[NetContract] public partial class A { [Key(4)] public int X; public int Y; }",
        "Ignore it: it is not sent",
        "[NetContract] public partial class A { [Key(4)] public int X; [IgnoreMember] public int Y; }")]
    [TestCase(
        "[NetContract] public partial class A { [Key(0)] public object? X { get; set; } }",
        "Ignore it: it is not sent",
        "[NetContract] public partial class A { [IgnoreMember] public object? X { get; set; } }")]
    [TestCase(
        "[NetContract] public partial class A { [Key(0)] public int X { get; } public A(string other) { } public A() { } }",
        "Give its members init accessors",
        "[NetContract] public partial class A { [Key(0)] public int X { get; init; } public A(string other) { } public A() { } }")]
    [TestCase(
        "[NetMessage(100)] public partial record struct A<T>([property: Key(0)] T X);",
        "Mark it [NetContract]",
        "[NetContract] public partial record struct A<T>([property: Key(0)] T X);")]
    [TestCase(
        "[NetMessage(100)] public partial record struct B; /* Asks. */ [NetContract] public partial record struct A : INetRequest<B>;",
        "Mark it [NetMessage(101)]",
        "[NetMessage(100)] public partial record struct B; /* Asks. */ [NetMessage(101)] public partial record struct A : INetRequest<B>;")]
    [TestCase(
        "[NetMessage(100)] public partial record struct A : INetRequest<A>; [NetContract] public partial record struct B; class M { object Go(Session s) => "
            + "s.RequestAsync<A, /* No. */ B>(default); }",
        "Use the declared response A",
        "[NetMessage(100)] public partial record struct A : INetRequest<A>; [NetContract] public partial record struct B; class M { object Go(Session s) => "
            + "s.RequestAsync<A, /* No. */ A>(default); }")]
    public void Fix_Applied_LeavesNothingToFind(string source, string title, string expected)
    {
        (string title, string text)[] fixes = [.. Fixes(source)];
        Assert.That(fixes.Select(fix => fix.title), Has.Member(title));
        string mended = fixes.First(fix => fix.title == title).text;
        Assert.That(mended, Is.EqualTo(expected));
        GeneratorRun.Files(mended);
    }

    // Each of these messages describes several ways out; a program cannot know which one is meant.
    [TestCase("public abstract partial class A { [Key(0)] public int X { get; set; } }")]
    [TestCase("public partial class A { [Key(0)] public int X { set { } } }")]
    [TestCase("public partial class A(int other) { [Key(0)] public int X { get; } = other; }")]
    [TestCase("public partial record struct A([property: Key(256)] int X);")]
    public void Fix_WhereOnlyAPersonKnows_IsNotOffered(string type) => Assert.That(Fixes($"[NetContract] {type}"), Is.Empty);

    [Test]
    public void Providers_AreAllTested()
    {
        Type[] all =
        [
            .. typeof(ContractCodeFix).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(CodeFixProvider)))
        ];
        Assert.That(Providers.Select(provider => provider.GetType()), Is.EquivalentTo(all));
        Assert.That(Providers.SelectMany(provider => provider.FixableDiagnosticIds), Is.Unique);
    }

    // The source after each fix that is offered for the first finding.
    private static List<(string Title, string Text)> Fixes(string source)
    {
        using AdhocWorkspace workspace = new();
        SyntaxTree tree = GeneratorRun.Parse(source, "Source0.cs");
        string usings = tree.ToString()[..^source.Length];
        Project project = workspace.AddProject("Tested", LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable))
            .WithParseOptions(tree.Options)
            .WithMetadataReferences(GeneratorRun.Compile().References);
        Document document = project.AddDocument("Source0.cs", SourceText.From(usings + source), filePath: "Source0.cs");
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(document.Project.GetCompilationAsync().Result!, out Compilation compilation, out _);
        Diagnostic finding = GeneratorRun.Findings(compilation)[0];
        List<CodeAction> actions = [];
        foreach (CodeFixProvider provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(finding.Id)))
        {
            provider.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => actions.Add(action), CancellationToken.None))
                .GetAwaiter()
                .GetResult();
        }

        return [.. actions.Select(action => (action.Title, Apply(action, document)[usings.Length..]))];
    }

    private static string Apply(CodeAction action, Document document)
    {
        ImmutableArray<CodeActionOperation> operations = action.GetOperationsAsync(CancellationToken.None).Result;
        Solution changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        return changed.GetDocument(document.Id)!.GetTextAsync().Result.ToString();
    }
}

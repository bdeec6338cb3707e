using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators;
using NetLoop.Generators.Parsing;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

[Parallelizable]
public sealed class CachingTests
{
    private const string Contract = "[NetMessage(100)] public partial record struct A([property: Key(0)] List<int> X);";

    private static readonly object[] Reused = [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged];

    [Test]
    public void Edit_OfAnotherFile_WritesNoCode() =>
        Assert.That(StepsAfter(compilation => Replace(compilation, 1, "class Other { int _changed; }")), Is.All.AnyOf(Reused));

    [Test]
    public void Edit_ThatMovesTheContract_WritesNoCode() =>
        Assert.That(StepsAfter(compilation => Replace(compilation, 0, "// A comment.\n\n" + Contract)), Is.All.AnyOf(Reused));

    [Test]
    public void Edit_OfTheContract_WritesItAgain() =>
        Assert.That(
            StepsAfter(compilation => Replace(compilation, 0, Contract.Replace("int>", "long>", StringComparison.Ordinal))),
            Is.All.EqualTo(IncrementalStepRunReason.Modified));

    // The state while somebody types: the methods only throw until the contract is correct again, and no other contract is affected.
    [Test]
    public void Edit_ThatBreaksAContractAndMendsIt_WritesOnlyThatOneAgain()
    {
        const string other = "[NetMessage(101)] public partial record struct B([property: Key(0)] int X);";
        Compilation whole = GeneratorRun.Compile(Contract, other);
        GeneratorDriver driver = GeneratorRun.Driver().RunGenerators(whole);
        Dictionary<string, string> before = Files(driver);

        driver = driver.RunGenerators(Replace(whole, 0, Contract.Replace("[property: Key(0)] ", "", StringComparison.Ordinal)));
        Assert.That(Files(driver)["A.g.cs"], Does.Contain("throw new").And.Not.Contain("NetFormatters"), "without a key");
        Assert.That(ContractReasons(driver), Is.EquivalentTo(new[] { IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached }));

        driver = driver.RunGenerators(whole);
        Assert.That(Files(driver), Is.EquivalentTo(before), "mended");
        Assert.That(ContractReasons(driver).Count(reason => !Reused.Contains(reason)), Is.EqualTo(1));
    }

    // Costs are counted in parsed contracts: time would say little on a busy machine.
    [Test]
    public void Parsing_OfAChain_LooksAtEachContractOnce()
    {
        const int length = 40;
        CSharpCompilation chain = Chain(length);
        List<string> parsed = ParseLog.Start();
        GeneratorDriver driver = GeneratorRun.Driver().RunGenerators(chain);
        Assert.That(parsed, Has.Count.EqualTo(length).And.Unique);
        Assert.That(GeneratorRun.Findings(chain), Is.Empty);

        parsed = ParseLog.Start();
        driver = driver.RunGenerators(Replace(chain, length, "class Other { int _changed; void M() { } }"));
        Assert.That(parsed, Is.Empty, "an edit of another file");

        driver.RunGenerators(Replace(chain, 7, Link(7).Replace("int Y", "long Y", StringComparison.Ordinal)));
        Assert.That(parsed, Is.EquivalentTo(new[] { "C7", "C8" }), "an edit of a contract: it, and the one that has it as a member");
    }

    // Nothing in the first file changes, but the meaning of its names does.
    [TestCase("", "namespace Game { public class Point; }", Description = "a nearer type of the name")]
    [TestCase("", "global using Other; namespace Other { public class Unused; }", Description = "global usings")]
    [TestCase("public enum Kind : byte { A }", "public enum Kind : short { A }", Description = "the integer of an enum")]
    [TestCase(
        "public partial class Base { [Key(5)] public int Z; }",
        "public partial class Base { [Key(5)] public long Z; }",
        Description = "a member of the base")]
    [TestCase("public partial class Base;", "public partial class Base : Middle; public class Middle { [Key(6)] public int M; }", Description = "another base")]
    [TestCase(
        "public static class Keys { public const int First = 1; }", "public static class Keys { public const int First = 2; }", Description = "a constant")]
    [TestCase(
        "public static class Defaults { public const int Level = 1; }",
        "public static class Defaults { public const int Level = 2; }",
        Description = "a default")]
    public void Edit_ThatChangesWhatAContractIsMadeOf_ParsesItAgain(string before, string after)
    {
        // Code that depends on constants is never cached, so only the cases about constants have some.
        string contract = before.Contains("Keys", StringComparison.Ordinal) ? "[NetContract] public partial class A { [Key(Keys.First)] public int X; }"
            : before.Contains(
                "Defaults",
                StringComparison.Ordinal) ? "[NetContract] public partial class A { public A(int level = Defaults.Level) => Level = level; [Key(4)] "
                    + "public int Level { get; } }"
            : "namespace Game { [NetContract] public partial class A : Base { [Key(0)] public Point? P; [Key(1)] public Kind K; } }";
        string[] others =
        [
            "public enum Kind : byte { A }",
            "public partial class Base { }",
            "public static class Keys { public const int First = 1; }",
            "public static class Defaults { public const int Level = 1; }",
        ];
        string rest = string.Concat(others.Where(other => before.Length == 0 || other.Split(' ')[3] != before.Split(' ')[3]));
        Compilation compilation = GeneratorRun.Compile(contract, before, "[NetContract] public partial record struct Point; " + rest);
        GeneratorDriver driver = GeneratorRun.Driver().RunGenerators(compilation);
        SyntaxTree old = compilation.SyntaxTrees.ElementAt(1);
        string usings = after.StartsWith("global", StringComparison.Ordinal) ? after : "using MessagePack; " + after;
        Compilation changed = compilation.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(usings, (CSharpParseOptions)old.Options, old.FilePath));
        List<string> parsed = ParseLog.Start();
        Dictionary<string, string> kept = Files(driver.RunGenerators(changed));
        Assert.That(parsed, Has.Member("A"));
        Assert.That(kept, Is.EquivalentTo(Files(GeneratorRun.Driver().RunGenerators(changed))), "as if it had been parsed from nothing");
    }

    [Test]
    public void Parsing_OfTheSameFilesInAnotherCompilation_IsAnother()
    {
        Compilation compilation = GeneratorRun.Compile(Contract);
        GeneratorRun.Driver().RunGenerators(compilation);
        List<string> parsed = ParseLog.Start();
        GeneratorRun.Driver().RunGenerators(compilation.WithAssemblyName("Renamed"));
        Assert.That(parsed, Is.EqualTo(new[] { "A" }));
    }

    // 1,000 contracts: dotnet test --filter Generation_OfThousandContracts_IsMeasured
    [Test]
    [Explicit("A measurement.")]
    public void Generation_OfThousandContracts_IsMeasured()
    {
        foreach (int length in new[] { 100, 300, 1_000 })
        {
            CSharpCompilation chain = Chain(length);
            Stopwatch watch = Stopwatch.StartNew();
            GeneratorDriver driver = GeneratorRun.Driver(isTracked: false).RunGenerators(chain);
            TimeSpan first = watch.Elapsed;
            List<double> edits = [];
            for (int edit = 0; edit < 5; edit++)
            {
                chain = Replace(chain, length, $"class Other {{ int _changed{edit}; }}");
                watch.Restart();
                driver = driver.RunGenerators(chain);
                edits.Add(watch.Elapsed.TotalMilliseconds);
            }

            TestContext.Out.WriteLine(
                $"{length} contracts: first {first.TotalMilliseconds:F0} ms, after an edit elsewhere {edits.Min():F0} to {edits.Max():F0} ms");
        }
    }

    private static CSharpCompilation Chain(int length) => GeneratorRun.Compile([.. Enumerable.Range(0, length).Select(Link), "class Other;"]);

    private static string Link(int index) =>
        $"[NetContract] public partial class C{index} {{ [Key(0)] public {(index > 0 ? $"C{index - 1}" : "int")}? Next; [Key(1)] public int Y; "
            + "[Key(2)] public string? Z; [Key(3)] public List<int>? L; }";

    private static Dictionary<string, string> Files(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString());

    private static IEnumerable<IncrementalStepRunReason> ContractReasons(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().TrackedSteps[ContractGenerator.ContractsStep].SelectMany(step => step.Outputs).Select(output => output.Reason);

    // The reasons why models and generated files are recomputed or cached after an edit.
    private static ImmutableArray<IncrementalStepRunReason> StepsAfter(Func<Compilation, Compilation> edit)
    {
        Compilation compilation = GeneratorRun.Compile(Contract, "class Other;");
        GeneratorDriver driver = GeneratorRun.Driver().RunGenerators(compilation);
        GeneratorRunResult result = driver.RunGenerators(edit(compilation)).GetRunResult().Results.Single();
        Assert.That(result.GeneratedSources, Has.Length.EqualTo(2));
        ImmutableArray<IncrementalStepRunReason> reasons =
        [
            .. result.TrackedSteps[ContractGenerator.ContractsStep].SelectMany(step => step.Outputs).Select(output => output.Reason),
            .. result.TrackedOutputSteps.SelectMany(steps => steps.Value)
                .Where(step => step.Inputs.Any(input => input.Source.Name is ContractGenerator.ContractsStep or ContractGenerator.DescriptionsStep))
                .SelectMany(step => step.Outputs)
                .Select(output => output.Reason),
        ];
        Assert.That(reasons, Has.Length.EqualTo(3), "one model, its file and the description");
        return reasons;
    }

    private static CSharpCompilation Replace(Compilation compilation, int file, string source)
    {
        SyntaxTree old = compilation.SyntaxTrees.ElementAt(file);
        return (CSharpCompilation)compilation.ReplaceSyntaxTree(old, GeneratorRun.Parse(source, old.FilePath));
    }
}

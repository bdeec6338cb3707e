using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using NetLoop.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

public sealed class CachingTests
{
    private const string Contract = "[NetMessage(100)] public partial record struct A([property: Key(0)] List<int> X);";

    private static readonly object[] _reused = [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged];

    [Test]
    public void Edit_OfAnotherFile_WritesNoCode() =>
        Assert.That(StepsAfter(compilation => Replace(compilation, 1, "class Other { int _changed; }")), Is.All.AnyOf(_reused));

    [Test]
    public void Edit_ThatMovesTheContract_WritesNoCode() =>
        Assert.That(StepsAfter(compilation => Replace(compilation, 0, "// A comment.\n\n" + Contract)), Is.All.AnyOf(_reused));

    [Test]
    public void Edit_OfTheContract_WritesItAgain() =>
        Assert.That(
            StepsAfter(compilation => Replace(compilation, 0, Contract.Replace("int>", "long>", StringComparison.Ordinal))),
            Is.All.EqualTo(IncrementalStepRunReason.Modified));

    // As it is while somebody types: its code is gone until the contract is right again, and nobody else's is touched.
    [Test]
    public void Edit_ThatBreaksAContractAndMendsIt_WritesOnlyThatOneAgain()
    {
        const string other = "[NetMessage(101)] public partial record struct B([property: Key(0)] int X);";
        Compilation whole = GeneratorRun.Compile(Contract, other);
        GeneratorDriver driver = GeneratorRun.Driver().RunGenerators(whole);
        Dictionary<string, string> before = Files(driver);

        driver = driver.RunGenerators(Replace(whole, 0, Contract.Replace("[property: Key(0)] ", "", StringComparison.Ordinal)));
        Assert.That(Files(driver).Keys, Is.EquivalentTo(new[] { "B.g.cs", "NetContracts.g.cs" }), "without a key");
        Assert.That(ContractReasons(driver), Is.EquivalentTo(new[] { IncrementalStepRunReason.Removed, IncrementalStepRunReason.Cached }));

        driver = driver.RunGenerators(whole);
        Assert.That(Files(driver), Is.EquivalentTo(before), "mended");
        Assert.That(ContractReasons(driver).Count(reason => !_reused.Contains(reason)), Is.EqualTo(1));
    }

    private static Dictionary<string, string> Files(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString());

    private static IEnumerable<IncrementalStepRunReason> ContractReasons(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().TrackedSteps[ContractGenerator.ContractsStep].SelectMany(step => step.Outputs).Select(output => output.Reason);

    // Why the models and the generated files are there after an edit.
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

    private static Compilation Replace(Compilation compilation, int file, string source)
    {
        SyntaxTree old = compilation.SyntaxTrees.ElementAt(file);
        return compilation.ReplaceSyntaxTree(old, GeneratorRun.Parse(source, old.FilePath));
    }
}

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

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetLoop.Generators.Caching;
using NetLoop.Generators.Emitting;
using NetLoop.Generators.Model;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators;

/// <summary>Implements <c>INetMessage</c> and <c>INetContract</c> on the types that are marked with [NetMessage] and [NetContract].</summary>
/// <remarks>
/// Each contract is parsed into a model of strings and numbers; its code is written again only when the model changes. <see cref="ContractAnalyzer"/> reports
/// mistakes, because editors offer code fixes only for the diagnostics of analyzers, not for those of generators.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class ContractGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step whose outputs are the contracts' models, for tests of the caching.</summary>
    public const string ContractsStep = "Contracts";

    /// <summary>The name of the step whose output is the description of all messages, for tests of the caching.</summary>
    public const string DescriptionsStep = "Descriptions";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Not ForAttributeWithMetadataName: it binds the attributes of all contracts at each edit, which alone takes longer than looking into the cache.
        IncrementalValuesProvider<ParseResult> results = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => node is TypeDeclarationSyntax { AttributeLists.Count: > 0 }, ContractCache.Parse)
            .SelectMany(static (result, _) => result is null ? [] : ImmutableArray.Create(result));
        RegisterContracts(context, results);
        RegisterDescription(context, results);
        context.RegisterSourceOutput(
            context.CompilationProvider.Select(static (compilation, _) => compilation.AssemblyName == KnownNames.EngineAssembly),
            static (output, isEngine) =>
            {
                if (isEngine)
                {
                    output.AddSource(TupleEmitter.HintName, TupleEmitter.Emit());
                }
            });
    }

    private static void RegisterContracts(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParseResult> results)
    {
        IncrementalValuesProvider<ContractModel> contracts = results
            .SelectMany(static (result, _) => result.Contract is { } contract ? ImmutableArray.Create(contract) : []);
        IncrementalValueProvider<EquatableArray<string>> sharedNames = contracts
            .Select(static (contract, _) => contract.HintName)
            .Collect()
            .Select(static (names, _) => HintNames.FindShared(names));
        context.RegisterSourceOutput(
            contracts
                .Combine(sharedNames)
                .Select(static (both, _) => HintNames.Separate(both.Left, both.Right))
                .WithTrackingName(ContractsStep),
            static (output, contract) => output.AddSource(contract.HintName, ContractEmitter.Emit(contract)));
    }

    // The engine's own messages are covered by the protocol version. Contracts that are not part of a message may be responses to requests.
    private static void RegisterDescription(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParseResult> results)
    {
        IncrementalValueProvider<DescriptionSet> own = results
            .SelectMany(static (result, _) => result.Description is { } description ? ImmutableArray.Create(description) : [])
            .Collect()
            .Select(static (contracts, _) => DescriptionSet.Of(contracts));
        IncrementalValueProvider<EquatableArray<string>> others = own
            .Select(static (set, _) => set.Unresolved)
            .Combine(context.CompilationProvider)
            .Select(static (both, _) => DescriptionSet.OfOthers(both.Left, both.Right));
        IncrementalValueProvider<string?> rootNamespace = context.AnalyzerConfigOptionsProvider
            .Combine(context.CompilationProvider)
            .Select(static (both, _) => ContractsClass.NamespaceOf(both.Right, both.Left.GlobalOptions));
        context.RegisterSourceOutput(
            own.Combine(others).Combine(rootNamespace).WithTrackingName(DescriptionsStep),
            static (output, all) =>
            {
                ((DescriptionSet own, EquatableArray<string> others), string? name) = all;
                if (name is not null && own.HasMessages)
                {
                    output.AddSource(FingerprintEmitter.HintName, FingerprintEmitter.Emit(name, [.. own.Texts, .. others], own.Requests));
                }
            });
    }
}

using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Emitting;
using NetLoop.Generators.Model;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators;

/// <summary>Implements <c>INetMessage</c> and <c>INetContract</c> on the types that are marked with [NetMessage] and [NetContract].</summary>
/// <remarks>
/// Each contract is parsed into a model of strings and numbers; code is written again only when its model changed. What is wrong with a contract
/// is said by <see cref="ContractAnalyzer"/>, because editors offer code fixes for what analyzers report and not for what generators do.
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
        List<IncrementalValuesProvider<ParseResult>> all = [.. KnownNames.ContractAttributes.Select(attribute => Parse(context, attribute))];
        IncrementalValueProvider<EquatableArray<string>> sharedNames = SharedNames(all);
        foreach (IncrementalValuesProvider<ParseResult> results in all)
        {
            Register(context, results, sharedNames);
        }
        RegisterFingerprint(context, all);
    }

    private static IncrementalValuesProvider<ParseResult> Parse(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(attribute, static (_, _) => true, (found, stop) => ContractParser.Parse(found, attribute, stop))
            .Where(static result => result is not null)
            .Select(static (result, _) => result!);

    private static IncrementalValueProvider<EquatableArray<string>> SharedNames(List<IncrementalValuesProvider<ParseResult>> all)
    {
        IncrementalValueProvider<ImmutableArray<string>> names = Names(all[0]);
        foreach (IncrementalValuesProvider<ParseResult> results in all.Skip(1))
        {
            names = names.Combine(Names(results)).Select(static (both, _) => both.Left.AddRange(both.Right));
        }
        return names.Select(static (names, _) => HintNames.FindShared(names));

        static IncrementalValueProvider<ImmutableArray<string>> Names(IncrementalValuesProvider<ParseResult> results) => results
            .SelectMany(static (result, _) => result.Contract is { } contract ? ImmutableArray.Create(contract.HintName) : [])
            .Collect();
    }

    private static void Register(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ParseResult> results,
        IncrementalValueProvider<EquatableArray<string>> sharedNames)
    {
        context.RegisterSourceOutput(
            results
                .SelectMany(static (result, _) => result.Contract is { } contract ? ImmutableArray.Create(contract) : [])
                .Combine(sharedNames)
                .Select(static (both, _) => HintNames.Separate(both.Left, both.Right))
                .WithTrackingName(ContractsStep),
            static (output, contract) => output.AddSource(contract.HintName, ContractEmitter.Emit(contract)));
    }

    // The engine's own messages belong to the version of the protocol. Contracts that no message has inside may be answers to requests.
    private static void RegisterFingerprint(
        IncrementalGeneratorInitializationContext context, List<IncrementalValuesProvider<ParseResult>> all)
    {
        IncrementalValueProvider<ImmutableArray<string>> texts = Texts(all[0]);
        foreach (IncrementalValuesProvider<ParseResult> results in all.Skip(1))
        {
            texts = texts.Combine(Texts(results)).Select(static (both, _) => both.Left.AddRange(both.Right));
        }
        IncrementalValueProvider<EquatableArray<string>> descriptions = texts.Select(static (texts, _) => new EquatableArray<string>(texts));
        IncrementalValueProvider<string?> rootNamespace = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => options.GlobalOptions.TryGetValue("build_property.RootNamespace", out string? name) ? name : null)
            .Combine(context.CompilationProvider.Select(static (compilation, _) => compilation.AssemblyName))
            .Select(static (names, _) => names.Right == KnownNames.EngineAssembly ? null : names.Left ?? names.Right);
        context.RegisterSourceOutput(
            descriptions.Combine(rootNamespace).WithTrackingName(DescriptionsStep),
            static (output, both) =>
            {
                if (both.Right is { } name && both.Left.Any(ContractDescriber.IsMessage))
                {
                    output.AddSource(FingerprintEmitter.HintName, FingerprintEmitter.Emit(name, both.Left));
                }
            });

        static IncrementalValueProvider<ImmutableArray<string>> Texts(IncrementalValuesProvider<ParseResult> results) =>
            results.SelectMany(static (result, _) => result.Descriptions.ToImmutableArray()).Collect();
    }
}

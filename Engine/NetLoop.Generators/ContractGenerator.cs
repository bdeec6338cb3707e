using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Emitting;
using NetLoop.Generators.Model;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators;

/// <summary>Implements <c>INetMessage</c> and <c>INetContract</c> on the types that are marked with [NetMessage] and [NetContract].</summary>
/// <remarks>
/// Each contract is parsed into a model of strings and numbers; code is written again only when its model changed. Findings go their own way
/// from the parser, so that a moved line, which changes their places, writes no code.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class ContractGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step whose outputs are the contracts' models, for tests of the caching.</summary>
    public const string ContractsStep = "Contracts";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ParseResult> messages = Parse(context, KnownNames.NetMessage);
        Register(context, messages);
        Register(context, Parse(context, KnownNames.NetContract));
        IncrementalValueProvider<ImmutableArray<MessageId>> ids = messages
            .SelectMany(static (result, _) => result.Id is { } id ? ImmutableArray.Create(id) : [])
            .Collect();
        context.RegisterSourceOutput(ids, static (output, ids) => ReportDuplicateTypes(output, ids));
    }

    private static IncrementalValuesProvider<ParseResult> Parse(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (_, _) => true,
                static (found, stop) => IsAlreadyMessage(found) ? null : ContractParser.Parse(found, stop))
            .Where(static result => result is not null)
            .Select(static (result, _) => result!);

    // A type with both attributes is a message, which is a contract.
    private static bool IsAlreadyMessage(GeneratorAttributeSyntaxContext found) =>
        found.Attributes[0].AttributeClass?.ToDisplayString() == KnownNames.NetContract
        && KnownNames.Find(found.TargetSymbol, KnownNames.NetMessage) is not null;

    private static void Register(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParseResult> results)
    {
        context.RegisterSourceOutput(
            results.SelectMany(static (result, _) => result.Diagnostics),
            static (output, finding) => output.ReportDiagnostic(finding.ToDiagnostic()));
        context.RegisterSourceOutput(
            results
                .SelectMany(static (result, _) => result.Contract is { } contract ? ImmutableArray.Create(contract) : [])
                .WithTrackingName(ContractsStep),
            static (output, contract) => output.AddSource(contract.HintName, ContractEmitter.Emit(contract)));
    }

    private static void ReportDuplicateTypes(SourceProductionContext output, ImmutableArray<MessageId> ids)
    {
        foreach (IGrouping<int, MessageId> group in ids.GroupBy(static id => id.Type))
        {
            MessageId first = group.First();
            foreach (MessageId other in group.Skip(1))
            {
                string type = other.Type.ToString(CultureInfo.InvariantCulture);
                Location? place = other.Location?.ToLocation();
                output.ReportDiagnostic(Diagnostic.Create(Diagnostics.DuplicateType, place, other.Name, type, first.Name));
            }
        }
    }
}

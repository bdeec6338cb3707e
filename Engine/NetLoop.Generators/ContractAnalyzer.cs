using System;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators;

/// <summary>Says what is wrong with contracts, and what to write instead.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContractAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Diagnostics.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            // Found once, when the first message asks: most compilations have none.
            Compilation compilation = start.Compilation;
            Lazy<MessageNumbers> numbers = new(() => new MessageNumbers(compilation));
            start.RegisterSymbolAction(symbol => Check(symbol, numbers), SymbolKind.NamedType);
        });
    }

    private static void Check(SymbolAnalysisContext context, Lazy<MessageNumbers> numbers)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)context.Symbol;
        if (KnownNames.ContractAttribute(type) is not { } attribute)
        {
            return;
        }
        Location? location = attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.GetLocation();
        foreach (Diagnostic finding in ContractParser.Parse(type, attribute, context.Compilation, location, context.CancellationToken).Findings)
        {
            bool isNumber = finding.Id == Diagnostics.InvalidType.Id;
            context.ReportDiagnostic(isNumber ? WithFix(finding, type, attribute, numbers.Value) : finding);
        }
        if (KnownNames.IsNetMessage(attribute) && attribute.ConstructorArguments is [{ Value: int number }])
        {
            CheckNumber(context, type, number, numbers.Value);
        }
    }

    private static void CheckNumber(SymbolAnalysisContext context, INamedTypeSymbol type, int number, MessageNumbers numbers)
    {
        if (numbers.EarlierThan(type, number) is { } earlier)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Diagnostics.DuplicateType,
                type.Locations[0],
                Diagnostics.Fix(numbers.Replacement(type)),
                type.ToDisplayString(),
                number.ToString(CultureInfo.InvariantCulture),
                earlier.ToDisplayString()));
        }
    }

    private static Diagnostic WithFix(Diagnostic finding, INamedTypeSymbol type, AttributeData attribute, MessageNumbers numbers) => Diagnostic.Create(
        finding.Descriptor,
        finding.Location,
        Diagnostics.Fix(numbers.Replacement(type)),
        type.Name,
        attribute.ConstructorArguments[0].Value);
}

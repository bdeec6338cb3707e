using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators;

/// <summary>Checks the contracts of one compilation.</summary>
internal sealed class ContractChecks
{
    private readonly AnalyzerConfigOptions _options;

    // Computed when the first message asks: most compilations have no messages.
    private readonly Lazy<MessageNumbers> _numbers;

    private int _isOldLanguageReported;

    public ContractChecks(Compilation compilation, AnalyzerConfigOptions options)
    {
        _options = options;
        _numbers = new(() => new MessageNumbers(compilation));
    }

    /// <summary>Checks a type.</summary>
    public void Check(SymbolAnalysisContext context)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)context.Symbol;
        if (type.Name == ContractsClass.Name)
        {
            CheckName(context, type);
        }

        CheckRequest(context, type);
        if (KnownNames.ContractAttribute(type) is not { ApplicationSyntaxReference: { } place } attribute)
        {
            return;
        }

        if (place.SyntaxTree.Options is CSharpParseOptions options && options.LanguageVersion < ContractsClass.MinLanguage)
        {
            ReportOldLanguage(context, options.LanguageVersion);
            return;
        }

        Location? location = place.GetSyntax(context.CancellationToken).FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.GetLocation();
        foreach (Diagnostic finding in ContractParser.Parse(type, attribute, context.Compilation, location, context.CancellationToken).Findings)
        {
            bool isNumber = finding.Id == Diagnostics.InvalidType.Id;
            context.ReportDiagnostic(isNumber ? WithFix(finding, type, attribute) : finding);
        }

        if (KnownNames.IsNetMessage(attribute) && attribute.ConstructorArguments is [{ Value: int number }])
        {
            CheckNumber(context, type, number);
        }
    }

    /// <summary>Checks whether code can name the class with the descriptions.</summary>
    public void CheckClass(CompilationAnalysisContext context)
    {
        if (context.Compilation.AssemblyName != KnownNames.EngineAssembly
            && ContractsClass.FindOther(context.Compilation, _options) is { } other
            && _numbers.Value.HasMessages)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Diagnostics.SharedNamespace, Location.None, ContractsClass.FullName(context.Compilation, _options), other.Name));
        }
    }

    // One diagnostic for all contracts, so that it is not hidden among hundreds.
    private void ReportOldLanguage(SymbolAnalysisContext context, LanguageVersion version)
    {
        if (Interlocked.Exchange(ref _isOldLanguageReported, 1) == 0)
        {
            context.ReportDiagnostic(Diagnostic.Create(Diagnostics.OldLanguage, Location.None, version.ToDisplayString()));
        }
    }

    private void CheckName(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        if (SymbolEqualityComparer.Default.Equals(ContractsClass.FindOwn(context.Compilation, _options), type) && _numbers.Value.HasMessages)
        {
            context.ReportDiagnostic(Diagnostic.Create(Diagnostics.TakenName, type.Locations[0], type.ToDisplayString()));
        }
    }

    // For messages, the parser reports mistakes. Abstract types and interfaces leave the implementation to other types, and hand-written implementations are
    // not checked.
    private void CheckRequest(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        if (type is not { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false } || type.GetAttributes().Any(KnownNames.IsNetMessage))
        {
            return;
        }

        if (type.AllInterfaces.FirstOrDefault(KnownNames.IsRequestInterface)?.GetMembers().FirstOrDefault() is { } method
            && (type.FindImplementationForInterfaceMember(method)?.ContainingType is not { } implementer || KnownNames.IsRequestInterface(implementer)))
        {
            string number = _numbers.Value.FreeFor(type);
            string problem = type.GetAttributes().Any(KnownNames.IsNetContract)
                ? $"it is a [NetContract], which has no number; mark it [NetMessage({number})]"
                : $"it is not a message; mark it [NetMessage({number})]";
            context.ReportDiagnostic(Diagnostic.Create(Diagnostics.InvalidRequest, type.Locations[0], Diagnostics.Fix(number), type.Name, problem));
        }
    }

    private void CheckNumber(SymbolAnalysisContext context, INamedTypeSymbol type, int number)
    {
        if (_numbers.Value.EarlierThan(type, number) is { } earlier)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Diagnostics.DuplicateType,
                type.Locations[0],
                Diagnostics.Fix(_numbers.Value.Replacement(type)),
                type.ToDisplayString(),
                number.ToString(CultureInfo.InvariantCulture),
                earlier.ToDisplayString()));
        }
    }

    private Diagnostic WithFix(Diagnostic finding, INamedTypeSymbol type, AttributeData attribute) => Diagnostic.Create(
        finding.Descriptor,
        finding.Location,
        Diagnostics.Fix(_numbers.Value.Replacement(type)),
        type.Name,
        attribute.ConstructorArguments[0].Value);
}

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators;

/// <summary>Finds calls that use a request with a response that it does not declare, and contracts that are used as messages.</summary>
/// <remarks>A method is the engine's if the type that declares it, or one of its bases or interfaces, is in the namespace NetLoop.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RequestAnalyzer : DiagnosticAnalyzer
{
    private const string Engine = "NetLoop";
    private const string RequestMethod = "RequestAsync";
    private const string HandlerMethod = "OnRequest";

    // Methods whose type argument is a message. With a contract they do not compile; those of NetLoop.MessagePack compile and throw.
    private static readonly HashSet<string> MessageMethods = new(StringComparer.Ordinal)
    {
        "Send", "Broadcast", "On", HandlerMethod, RequestMethod, "Received", "CountReceived",
    };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ImmutableArray.Create(
        Diagnostics.WrongResponse, Diagnostics.NoMessage, Diagnostics.UndeclaredResponse);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName("NetLoop.INetRequest`1") is not null)
            {
                Lazy<MessageNumbers> numbers = new(() => new MessageNumbers(start.Compilation));
                start.RegisterOperationAction(CheckPair, OperationKind.Invocation, OperationKind.MethodReference);
                start.RegisterSyntaxNodeAction(context => CheckMessage(context, numbers), SyntaxKind.InvocationExpression);
            }
        });
    }

    private static void CheckPair(OperationAnalysisContext context)
    {
        IMethodSymbol method = context.Operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IMethodReferenceOperation reference => reference.Method,
            _ => throw new InvalidOperationException(),
        };
        if (method.Name is not (RequestMethod or HandlerMethod)
            || Argument(method, "TRequest") is not { } requestPlace
            || Argument(method, "TResponse") is not { } responsePlace
            || !IsOfEngine(method.ContainingType))
        {
            return;
        }

        ITypeSymbol request = method.TypeArguments[requestPlace];
        ITypeSymbol response = method.TypeArguments[responsePlace];
        IReadOnlyList<ITypeSymbol> declared = RequestParser.DeclaredBy(request);
        if (declared.Count == 0 || response.TypeKind is TypeKind.TypeParameter or TypeKind.Error
            || declared.Any(type => SymbolEqualityComparer.Default.Equals(type, response)))
        {
            return;
        }

        GenericNameSyntax? name = NameOf(context.Operation.Syntax);
        ExpressionSyntax at = name?.TypeArgumentList.Arguments[responsePlace] ?? (ExpressionSyntax?)SimpleNameOf(context.Operation.Syntax)
            ?? (ExpressionSyntax)context.Operation.Syntax;
        string right = Name(declared[0]);
        string form = $"{method.Name}<{Name(request)}, {right}>";
        context.ReportDiagnostic(Diagnostic.Create(
            Diagnostics.WrongResponse,
            at.GetLocation(),
            name is null ? ImmutableDictionary<string, string?>.Empty : Diagnostics.Fix(right),
            Name(request),
            right,
            Name(response),
            method.Name == RequestMethod ? $"RequestAsync(request), or {form}" : form));

        string Name(ITypeSymbol type) => type.ToMinimalDisplayString(context.Operation.SemanticModel!, NullableFlowState.None, at.SpanStart);
    }

    private static void CheckMessage(SyntaxNodeAnalysisContext context, Lazy<MessageNumbers> numbers)
    {
        InvocationExpressionSyntax call = (InvocationExpressionSyntax)context.Node;
        if (SimpleNameOf(call) is not { } name || !MessageMethods.Contains(name.Identifier.ValueText))
        {
            return;
        }

        SymbolInfo info = context.SemanticModel.GetSymbolInfo(call, context.CancellationToken);
        foreach (IMethodSymbol method in (info.Symbol is { } bound ? ImmutableArray.Create(bound) : info.CandidateSymbols).OfType<IMethodSymbol>())
        {
            if ((Argument(method, "T") ?? Argument(method, "TRequest")) is { } place && method.TypeArguments[place] is INamedTypeSymbol type
                && IsOnlyContract(type) && IsOfEngine(method.ContainingType))
            {
                string number = numbers.Value.FreeFor(type);
                context.ReportDiagnostic(Diagnostic.Create(Diagnostics.NoMessage, name.GetLocation(), type.Name, number));
                return;
            }
        }

        if (info.Symbol is null && name is IdentifierNameSyntax { Identifier.ValueText: RequestMethod } && call.ArgumentList.Arguments is [{ } first, ..]
            && info.CandidateSymbols.Any(method => IsOfEngine(method.ContainingType))
            && context.SemanticModel.GetTypeInfo(first.Expression, context.CancellationToken).Type is { } request
            && request.GetAttributes().Any(KnownNames.IsNetMessage) && RequestParser.DeclaredBy(request).Count == 0)
        {
            context.ReportDiagnostic(Diagnostic.Create(Diagnostics.UndeclaredResponse, name.GetLocation(), request.Name));
        }
    }

    private static bool IsOnlyContract(INamedTypeSymbol type) =>
        type.GetAttributes().Any(KnownNames.IsNetContract) && !type.AllInterfaces.Any(implemented => implemented.Is(Engine, "INetMessage"));

    // The name of a type parameter tells its purpose, wherever it stands.
    private static int? Argument(IMethodSymbol method, string name)
    {
        for (int place = 0; place < method.Arity; place++)
        {
            if (method.OriginalDefinition.TypeParameters[place].Name == name)
            {
                return place;
            }
        }

        return null;
    }

    private static bool IsOfEngine(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.ContainingNamespace.IsNamed(Engine))
            {
                return true;
            }
        }

        return type.AllInterfaces.Any(implemented => implemented.ContainingNamespace.IsNamed(Engine));
    }

    private static SimpleNameSyntax? SimpleNameOf(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call => SimpleNameOf(call.Expression),
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        SimpleNameSyntax name => name,
        _ => null,
    };

    private static GenericNameSyntax? NameOf(SyntaxNode node) => SimpleNameOf(node) as GenericNameSyntax;
}

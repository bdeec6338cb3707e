using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NetLoop.Generators;

/// <summary>Finds handlers that block on the response to their own request: only the thread that they block could deliver it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingAnalyzer : DiagnosticAnalyzer
{
    private const string Session = "NetLoop.Session";
    private const string Client = "NetLoop.NetClient";
    private const string Tick = "NetLoop.TickContext";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ImmutableArray.Create(Diagnostics.BlockedRequest);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Session) is { } session)
            {
                ITypeSymbol?[] marks = [session, start.Compilation.GetTypeByMetadataName(Tick)];
                ITypeSymbol?[] senders = [session, start.Compilation.GetTypeByMetadataName(Client)];
                start.RegisterOperationAction(operation => Check(operation, senders, marks), OperationKind.PropertyReference, OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, ITypeSymbol?[] senders, ITypeSymbol?[] marks)
    {
        (IOperation? awaited, string how) = context.Operation switch
        {
            IPropertyReferenceOperation { Property.Name: "Result", Instance: { } task } => (task, ".Result"),
            IInvocationOperation { TargetMethod.Name: "Wait", Instance: { } task } => (task, ".Wait()"),
            IInvocationOperation { TargetMethod.Name: "GetResult", Instance: { } awaiter } => (awaiter, ".GetAwaiter().GetResult()"),
            _ => (null, ""),
        };
        if (awaited is not null && IsRequest(awaited, senders) && IsInHandler(context.Operation, marks))
        {
            context.ReportDiagnostic(Diagnostic.Create(Diagnostics.BlockedRequest, context.Operation.Syntax.GetLocation(), how));
        }
    }

    /// <summary>
    /// Whether a value is the task of a request: the call itself, a wrapper around it, or a local variable that was initialized with it and that no await
    /// names. After an await, such as of Task.WhenAll, the result is available.
    /// </summary>
    private static bool IsRequest(IOperation value, ITypeSymbol?[] senders) => value switch
    {
        IInvocationOperation { TargetMethod.Name: "RequestAsync" } call => Contains(senders, call.TargetMethod.ContainingType),
        IInvocationOperation { TargetMethod.Name: "GetAwaiter" or "ConfigureAwait" or "WaitAsync", Instance: { } inner } => IsRequest(inner, senders),
        IConversionOperation conversion => IsRequest(conversion.Operand, senders),
        IParenthesizedOperation parenthesized => IsRequest(parenthesized.Operand, senders),
        ILocalReferenceOperation local => Initializer(local) is { } initializer && IsRequest(initializer, senders) && !IsAwaited(local),
        _ => false,
    };

    private static IOperation? Initializer(ILocalReferenceOperation local)
    {
        SyntaxNode? declaration = local.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        return declaration is null ? null : (local.SemanticModel?.GetOperation(declaration) as IVariableDeclaratorOperation)?.Initializer?.Value;
    }

    private static bool IsAwaited(ILocalReferenceOperation local)
    {
        IOperation root = local;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root.Descendants().OfType<IAwaitOperation>().Any(awaited => awaited.Descendants().OfType<ILocalReferenceOperation>()
            .Any(named => SymbolEqualityComparer.Default.Equals(named.Local, local.Local)));
    }

    /// <summary>Whether a function around the operation looks like a handler, because it takes a session or a tick.</summary>
    private static bool IsInHandler(IOperation operation, ITypeSymbol?[] marks)
    {
        for (IOperation? around = operation.Parent; around is not null; around = around.Parent)
        {
            IMethodSymbol? function = (around as IAnonymousFunctionOperation)?.Symbol ?? (around as ILocalFunctionOperation)?.Symbol;
            if (function is not null && TakesOne(function, marks))
            {
                return true;
            }
        }

        return operation.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart) is { } symbol && Methods(symbol).Any(method => TakesOne(method, marks));
    }

    private static System.Collections.Generic.IEnumerable<IMethodSymbol> Methods(ISymbol symbol)
    {
        for (ISymbol? at = symbol; at is IMethodSymbol method; at = at.ContainingSymbol)
        {
            yield return method;
        }
    }

    private static bool TakesOne(IMethodSymbol function, ITypeSymbol?[] marks) => function.Parameters.Any(parameter => Contains(marks, parameter.Type));

    private static bool Contains(ITypeSymbol?[] types, ITypeSymbol? type) =>
        types.Any(known => known is not null && SymbolEqualityComparer.Default.Equals(known, type));
}

using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Emitting;

/// <summary>Writes the file that implements one contract.</summary>
internal static class ContractEmitter
{
    public static string Emit(ContractModel contract)
    {
        CodeWriter code = new();
        code.Begin();
        if (contract.Namespace is not null)
        {
            code.Line($"namespace {contract.Namespace};");
            code.Line();
        }

        foreach (string outer in contract.Declarations.Take(contract.Declarations.Count - 1))
        {
            code.Open(outer);
        }

        string declaration = contract.Declarations[contract.Declarations.Count - 1];
        EmitDescription(code, contract);
        if (contract.TypeParameters.Count > 0)
        {
            code.Open(declaration);
            ReadEmitter.EmitInitializers(code, contract);
            OpenFormatter(code, contract);
        }
        else
        {
            string request = contract.Response is { } response ? $", {Request(response)}" : "";
            code.Open($"{declaration} : global::NetLoop.{(contract.MessageType is null ? "INetContract" : "INetMessage")}<{contract.Name}>{request}");
            ReadEmitter.EmitInitializers(code, contract);
        }

        if (contract is { MessageType: { } type, TypeParameters.Count: 0 })
        {
            code.Line($"static int global::NetLoop.INetMessage<{contract.Name}>.MessageType => {type};");
            code.Line();
            EmitDelivery(code, contract);
            EmitRequest(code, contract);
        }

        if (contract.IsBroken)
        {
            EmitBroken(code, contract);
        }
        else
        {
            EmitMethods(code, contract);
        }

        if (contract.TypeParameters.Count > 0)
        {
            code.Close();
        }

        foreach (string _ in contract.Declarations)
        {
            code.Close();
        }

        return code.ToString();
    }

    /// <summary>Begins a method of a contract: its own, or that of the formatter nested in a generic contract.</summary>
    public static void OpenMethod(this CodeWriter code, ContractModel contract, string result, string name, string parameters)
    {
        if (contract.TypeParameters.Count > 0)
        {
            code.Line("/// <inheritdoc/>");
            code.Obsolete(contract);
            code.Open($"public static {result} {name}({parameters})");
        }
        else
        {
            code.Obsolete(contract);
            code.Open($"static {result} global::NetLoop.INetContract<{contract.Name}>.{name}({parameters})");
        }
    }

    public static void NoInlining(this CodeWriter code) => code.Line(
        "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]");

    /// <summary>Marks the code obsolete if it uses members whose obsolescence is an error: only obsolete code may use them.</summary>
    public static void Obsolete(this CodeWriter code, ContractModel contract)
    {
        if (contract.UsesObsolete)
        {
            code.Line("[global::System.Obsolete]");
        }
    }

    private static string Request(string response) => $"global::NetLoop.INetRequest<{response}>";

    // Both types are known here, so the call is bound at compile time.
    private static void EmitRequest(CodeWriter code, ContractModel contract)
    {
        if (contract.Response is { } response)
        {
            code.Line($"global::System.Threading.Tasks.Task<{response}> {Request(response)}.SendAsync(");
            code.Indent();
            code.Line("global::NetLoop.IMessageSender to, global::System.TimeSpan? timeout, global::System.Threading.CancellationToken cancellation) =>");
            code.Line($"to.RequestAsync<{contract.Name}, {response}>(this, timeout, cancellation);");
            code.Outdent();
            code.Line();
        }
    }

    private static void EmitDelivery(CodeWriter code, ContractModel contract)
    {
        if (contract.Delivery is not { } delivery)
        {
            return;
        }

        string message = $"global::NetLoop.INetMessage<{contract.Name}>";
        code.Line($"static global::NetLoop.Delivery {message}.Delivery => (global::NetLoop.Delivery){delivery.Delivery};");
        code.Line();
        code.Line($"static int {message}.Channel => {delivery.Channel};");
        code.Line();
        if (delivery.Key is { } key)
        {
            code.Line($"static long {message}.GetConflationKey(in {contract.Name} message) => {key};");
            code.Line();
        }
    }

    private static void EmitMethods(CodeWriter code, ContractModel contract)
    {
        MemoryEmitter.Emit(code, contract);
        WriteEmitter.Emit(code, contract);
        code.Line();
        ReadEmitter.Emit(code, contract);
    }

    private static void EmitBroken(CodeWriter code, ContractModel contract)
    {
        const string failure = "throw new global::System.InvalidOperationException(\"The contract had errors when it was built.\");";
        code.OpenMethod(contract, "void", "Write", WriteEmitter.Parameters(contract));
        code.Line(failure);
        code.Close();
        code.Line();
        code.OpenMethod(contract, "bool", "TryRead", ReadEmitter.Parameters(contract));
        code.Line(failure);
        code.Close();
    }

    private static void EmitDescription(CodeWriter code, ContractModel contract)
    {
        if (contract.Description is { } description)
        {
            string texts = string.Join(", ", description.Reached.Select(inside => inside.ToString()).Prepend(description.Text()).Select(Literal));
            code.Line($"[global::NetLoop.CompilerServices.NetContractDescription({texts})]");
        }

        static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
    }

    // The wire form of the type arguments is known where the contract is used; the formatter takes it from there.
    private static void OpenFormatter(CodeWriter code, ContractModel contract)
    {
        string formatters = string.Join(", ", contract.TypeParameters.Select(parameter => parameter.Formatter));
        code.Line("/// <summary>The MessagePack form, composed of the forms of the type arguments.</summary>");
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Line("[global::System.CLSCompliant(false)]");
        code.Line($"public readonly struct {LocalNames.NestedFormatter}<{formatters}> : global::NetLoop.CompilerServices.INetFormatter<{contract.Name}>");
        code.Indent();
        foreach (TypeParameterModel parameter in contract.TypeParameters)
        {
            code.Line($"where {parameter.Formatter} : global::NetLoop.CompilerServices.INetFormatter<{parameter.Name}>");
        }

        code.Outdent();
        code.Open();
    }
}

using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary><c>netloop contracts typescript</c>: writes a client for browsers and Node.</summary>
internal static class TypeScriptCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create(Option<string> assembly)
    {
        var file = new Option<string>("--out")
        {
            Description = "The file to write: .ts for TypeScript, .js or .mjs for JavaScript that needs no compiler",
            HelpName = "FILE",
            Required = true,
        };
        Option<Int64Form> int64 = OptionFactory.Word(
            "--int64", "The type of 64-bit integers: bigint (default), or number, which rejects values beyond 2^53", ("bigint", Int64Form.BigInt),
            ("number", Int64Form.Number));
        var command = new NetLoopCommand(
            "typescript",
            "Write a client for browsers and Node: the contracts of an assembly, typed messages, requests as promises, reconnection",
            "netloop contracts typescript --assembly Game.dll --out client.ts                 # for a project with TypeScript",
            "netloop contracts typescript --assembly Game.dll --out client.js --int64 number  # for a page without a compiler; 64-bit integers as numbers");
        command.Options.Add(assembly);
        command.Options.Add(file);
        command.Options.Add(int64);
        var options = new RunOptions(command, duration: null);
        command.SetAction((parsed, _) =>
        {
            using var run = new CommandRun(options.Json(parsed), duration: null);
            Write(run, parsed.GetValue(assembly)!, parsed.GetValue(file)!, parsed.GetValue(int64));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Write(CommandRun run, string assembly, string file, Int64Form int64)
    {
        bool withTypes = Path.GetExtension(file) switch
        {
            ".ts" or ".mts" => true,
            ".js" or ".mjs" => false,
            _ => throw new MistakeException($"--out '{file}' is neither TypeScript nor JavaScript; write a name that ends in .ts or .js"),
        };
        ContractSet contracts = AssemblyContracts.Read(assembly);
        string script;
        try
        {
            script = ScriptEmitter.Emit(contracts, ContractComments.ReadBeside(assembly), Path.GetFileNameWithoutExtension(assembly), int64, withTypes);
        }
        catch (FormatException error)
        {
            throw new MistakeException($"--assembly '{assembly}' was built by another version of NetLoop: {error.Message}");
        }

        try
        {
            File.WriteAllText(file, script);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MistakeException($"--out '{file}' cannot be written: {error.Message}");
        }

        int messages = contracts.Contracts.Count(contract => contract.MessageType is not null);
        run.Summarize(
            new TypeScriptSummary(file, contracts.FingerprintText, messages, contracts.Contracts.Count - messages),
            SummaryJson.Default.TypeScriptSummary,
            $"{file} was written: {messages} messages and {contracts.Contracts.Count - messages} contracts inside of them, fingerprint "
                + $"{contracts.FingerprintText}");
    }
}

using NetLoop.Demo.Contracts;
using NetLoop.Demo.Contracts.TypeScript;

namespace NetLoop.Tests.Demo.Contracts.TypeScript;

/// <summary>A client in a temporary directory, and values that it reads and writes again in Node.</summary>
internal sealed class GeneratedClient : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("netloop-typescript-").FullName;

    private GeneratedClient(string script)
    {
        File = Path.Combine(_directory, "client.mjs");
        System.IO.File.WriteAllText(File, script);
    }

    /// <summary>The client, in JavaScript.</summary>
    public string File { get; }

    /// <summary>A client for the contracts of an assembly.</summary>
    public static GeneratedClient Of(string assembly, Int64Form int64) => new(Script(assembly, int64, withTypes: false));

    /// <summary>Creates a client for contracts that are in no assembly.</summary>
    public static GeneratedClient OfDescription(string description) => new(Script(description, withTypes: false));

    /// <summary>Returns the text of such a client.</summary>
    public static string Script(string description, bool withTypes = true) =>
        ScriptEmitter.Emit(ContractSet.Parse(description), ContractComments.None, "Test", Int64Form.BigInt, withTypes);

    /// <summary>Returns the text of a client.</summary>
    public static string Script(string assembly, Int64Form int64, bool withTypes) => ScriptEmitter.Emit(
        AssemblyContracts.Read(assembly), ContractComments.ReadBeside(assembly), Path.GetFileNameWithoutExtension(assembly), int64, withTypes);

    /// <summary>Decodes and encodes values.</summary>
    /// <param name="values">The name of a contract in the client, and the bytes of a value.</param>
    /// <returns>For each value, the bytes in hexadecimal, or the error.</returns>
    public async Task<IReadOnlyList<string>> RoundTripAsync(IEnumerable<(string Contract, byte[] Bytes)> values)
    {
        await using ChildProcess node = Node.Start(Path.Combine(Repository.Root, "Tests/NetLoop.Tests/Demo/Contracts/TypeScript/round-trip.mjs"), File);
        foreach ((string contract, byte[] bytes) in values)
        {
            await node.TypeAsync($"{contract} {Convert.ToHexStringLower(bytes)}");
        }

        ProcessResult result = await node.EndAsync();
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException(result.ToString());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

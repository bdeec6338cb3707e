using NetLoop.Demo.Contracts.TypeScript;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Contracts.TypeScript;

/// <summary>What Microsoft's compiler says of a client in TypeScript.</summary>
[TestFixture]
public sealed class CompilerTests
{
    [Test]
    public async Task Compile_ClientOfEveryKindOfContract_IsStrict()
    {
        const string use = """

            export const place: Vectors = { two: [1, 2], three: [1, 2, 3], four: [1, 2, 3, 4], turn: [0, 0, 0, 1] };
            // @ts-expect-error a number too few
            export const wrong: Vectors = { ...place, three: [1, 2] };
            export const again: Vectors = decode(Vectors, encode(Vectors, place));

            """;

        IReadOnlyList<string> findings = await CompileAsync(GeneratedClient.Script(typeof(CompilerTests).Assembly.Location, Int64Form.BigInt, withTypes: true) + use);

        Assert.That(findings, Is.Empty);
    }

    [Test]
    public async Task Compile_NamesThatScriptsTreatSpecially_IsStrict()
    {
        IReadOnlyList<string> findings = await CompileAsync(GeneratedClient.Script(
            "contract Clash: array\n  0 X: int32\n  1 x: vector3?\n  2 ID: array<vector2?>\n  3 Id: map<string, complex>\n"
            + "contract Keyed: map\n  \"__proto__\": int32\n  \"constructor\": array<int32>\n  \"toString\": bool\n"));
        Assert.That(findings, Is.Empty);
    }

    private static async Task<IReadOnlyList<string>> CompileAsync(string script)
    {
        Node.Require();
        Node.RequireModule("typescript");
        string directory = Directory.CreateTempSubdirectory("netloop-typescript-").FullName;
        try
        {
            string file = Path.Combine(directory, "client.ts");
            await File.WriteAllTextAsync(file, script);
            await using ChildProcess compiler = Node.Start(
                Path.Combine(Node.Modules, "typescript", "bin", "tsc"), "--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom", file);
            ProcessResult result = await compiler.EndAsync();
            return result.Output;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}

using NetLoop.Demo.Contracts.TypeScript;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Contracts.TypeScript;

/// <summary>The diagnostics of Microsoft's compiler for a TypeScript client.</summary>
[TestFixture]
[Parallelizable]
public sealed class CompilerTests
{
    // The compiler takes seconds to read the types of browsers, so it runs only once.
    private static readonly Lazy<Task<IReadOnlyList<string>>> Findings = new(CompileAsync);

    private static readonly (string File, string Script)[] Clients =
    [
        (
            "every-kind.ts",
            GeneratedClient.Script(typeof(CompilerTests).Assembly.Location, Int64Form.BigInt, withTypes: true) + """

                export const place: Vectors = { two: [1, 2], three: [1, 2, 3], four: [1, 2, 3, 4], turn: [0, 0, 0, 1] };
                // @ts-expect-error a number too few
                export const wrong: Vectors = { ...place, three: [1, 2] };
                export const again: Vectors = decode(Vectors, encode(Vectors, place));

                export async function ask(client: NetLoopClient): Promise<void> {
                  const quotient: Quotient = await client.request(Divide, { value: 7, by: 2 });
                  const soon: Quotient = await client.request(Divide, { value: quotient.value, by: 2 }, 100);
                  // @ts-expect-error a response of another type
                  const other: Text = await client.request(Divide, { value: 7, by: 2 });
                  // @ts-expect-error a response that the request does not declare
                  await client.request(Divide, Text, { value: 7, by: 2 });
                  // @ts-expect-error not what the request has
                  await client.request(Divide, { value: "7", by: 2 });
                  // @ts-expect-error a request that declares no response
                  await client.request(Say, { text: "" });
                  const text: Text = await client.request(Say, Text, { text: other.value });
                  client.onRequest(Divide, ({ value, by }) => ({ value: value / by }));
                  client.onRequest(Say, Text, async () => text);
                  // @ts-expect-error a handler of another response
                  client.onRequest(Divide, () => "half");
                  client.send(Divide, { value: soon.value, by: 1 });
                  client.on(Divide, ({ value }) => value.toFixed());
                }

                """),
        (
            "names.ts",
            GeneratedClient.Script(
                "contract Clash: array\n  0 X: int32\n  1 x: vector3?\n  2 ID: array<vector2?>\n  3 Id: map<string, complex>\n"
                + "contract Keyed: map\n  \"__proto__\": int32\n  \"constructor\": array<int32>\n  \"toString\": bool\n")),
    ];

    [TestCase("every-kind.ts", TestName = "Compile_ClientOfEveryKindOfContract_IsStrict")]
    [TestCase("names.ts", TestName = "Compile_NamesThatScriptsTreatSpecially_IsStrict")]
    public async Task Compile_Client_IsStrict(string file)
    {
        Node.Require();
        Node.RequireModule("typescript");
        IReadOnlyList<string> findings = await Findings.Value;
        Assert.That(findings.Where(line => line.Contains(file, StringComparison.Ordinal)), Is.Empty);
        Assert.That(findings.Where(line => !Clients.Any(client => line.Contains(client.File, StringComparison.Ordinal))), Is.Empty);
    }

    private static async Task<IReadOnlyList<string>> CompileAsync()
    {
        string directory = Directory.CreateTempSubdirectory("netloop-typescript-").FullName;
        try
        {
            foreach ((string file, string script) in Clients)
            {
                await File.WriteAllTextAsync(Path.Combine(directory, file), script);
            }

            string[] files = [.. Clients.Select(client => Path.Combine(directory, client.File))];
            await using ChildProcess compiler = Node.Start(
                [
                    Path.Combine(Node.Modules, "typescript", "bin", "tsc"),
                    "--noEmit",
                    "--strict",
                    "--target",
                    "es2022",
                    "--lib",
                    "es2022,dom",
                    "--skipLibCheck",
                    .. files
                ]);
            ProcessResult result = await compiler.EndAsync();
            return result.Output;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}

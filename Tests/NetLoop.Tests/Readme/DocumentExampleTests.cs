using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.Readme;

/// <summary>Code in documents is compiled and run: in these tests, or in projects that are created from the templates.</summary>
[Parallelizable]
public sealed class DocumentExampleTests
{
    private static readonly string[] Folders = ["Tests/NetLoop.Tests/Readme", "Engine/NetLoop.Templates/templates", "Demo/Samples"];

    [TestCase("README.md")]
    [TestCase("Engine/NetLoop/README.md")]
    [TestCase("Engine/NetLoop.Hosting/README.md")]
    [TestCase("Engine/NetLoop.Simulation/README.md")]
    public void CodeBlocks_AreThoseThatRun(string document)
    {
        Assert.That(CheckCodeBlocks(document), Is.Positive);
    }

    [Test]
    public void Articles_CodeBlocks_AreThoseThatCompile()
    {
        string[] articles =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "Engine/Docs"), "*.md", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)),
        ];

        Assert.That(articles.Sum(CheckCodeBlocks), Is.GreaterThan(5));
    }

    // Returns the number of examples.
    private static int CheckCodeBlocks(string document)
    {
        string[] examples =
        [
            .. Folders
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
                .Select(file => Normalize(File.ReadAllText(file))),
        ];
        string[] blocks = [.. File.ReadAllText(Path.Combine(Repository.Root, document)).Split("```csharp\n")[1..]];
        Assert.Multiple(() =>
        {
            foreach (string block in blocks.Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]))
            {
                string code = Normalize(block);
                Assert.That(examples.Any(example => example.Contains(code, StringComparison.Ordinal)), $"{document} shows code that no test runs:\n{block}");
            }
        });
        return blocks.Length;
    }

    // Documents leave out blank lines, documentation comments and namespaces, and indent less.
    private static string Normalize(string text) => string.Join('\n', text.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && !line.StartsWith("///", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal)));
}

using NUnit.Framework;

namespace NetLoop.Tests.Readme;

/// <summary>What the documents show is what the tests run.</summary>
[Parallelizable]
public sealed class SimulationReadmeTests
{
    [TestCase("Engine/NetLoop.Simulation/README.md")]
    [TestCase("README.md", "NetSimulation")]
    public void CodeBlocks_AreThoseThatRun(string document, string about = "")
    {
        string root = FindRepository();
        string examples = Normalize(File.ReadAllText(Path.Combine(root, "Tests/NetLoop.Tests/Readme/SimulationExampleTests.cs")));
        string[] blocks = File.ReadAllText(Path.Combine(root, document)).Split("```csharp\n")[1..];
        int compared = 0;
        foreach (string block in blocks
            .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])
            .Where(block => block.Contains(about, StringComparison.Ordinal)))
        {
            compared++;
            Assert.That(examples, Does.Contain(Normalize(block)), $"{document} shows code that no test runs");
        }

        Assert.That(compared, Is.GreaterThan(0));
    }

    private static string Normalize(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NetLoop.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run inside the repository.");
    }
}

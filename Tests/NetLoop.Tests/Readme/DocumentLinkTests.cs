using System.Text.RegularExpressions;
using NUnit.Framework;

namespace NetLoop.Tests.Readme;

/// <summary>Everything that documents and comments refer to is in the repository.</summary>
[Parallelizable]
public sealed partial class DocumentLinkTests
{
    private static readonly string[] Folders = ["Demo", "Engine", "Tests", ".github"];

    private static string Root => Demo.Repository.Root;

    [Test]
    public void Documents_RelativeLinks_LeadToFiles()
    {
        List<string> broken = [];
        int links = 0;
        foreach (string document in Files("*.md"))
        {
            foreach (Match link in RelativeLink().Matches(File.ReadAllText(document)))
            {
                links++;
                string target = link.Groups["path"].Value;
                if (!Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target)))
                {
                    broken.Add($"{Path.GetRelativePath(Root, document)}: {target}");
                }
            }
        }

        Assert.That(broken, Is.Empty);
        Assert.That(links, Is.GreaterThan(20));
    }

    [TestCase("Engine/EXTENDING.md")]
    [TestCase(".github/CONTRIBUTING.md")]
    public void Guide_PathsOfTheRepository_Exist(string document)
    {
        string text = File.ReadAllText(Path.Combine(Root, document));
        string[] paths = [.. RepositoryPath().Matches(text).Select(match => match.Groups["path"].Value)];
        Assert.That(paths.Where(path => !Path.Exists(Path.Combine(Root, path))), Is.Empty);
        Assert.That(paths, Is.Not.Empty);

        HashSet<string> names = [.. Files("*.cs").Select(file => Path.GetFileName(file))];
        Assert.That(FileName().Matches(text).Select(match => match.Groups["name"].Value).Where(name => !names.Contains(name)), Is.Empty);
    }

    [Test]
    public void Code_CitesProtocol_InASectionThatExists()
    {
        string[] sections =
        [
            .. ProtocolSection().Matches(File.ReadAllText(Path.Combine(Root, "Engine/PROTOCOL.md"))).Select(match => match.Groups["number"].Value)
        ];
        List<string> wrong = [];
        int citations = 0;
        foreach (string file in (string[])[.. Files("*.cs"), .. Files("*.c"), .. Files("*.py"), .. Files("*.md")])
        {
            foreach (Match citation in ProtocolCitation().Matches(File.ReadAllText(file)))
            {
                foreach (Capture number in citation.Groups["number"].Captures)
                {
                    citations++;
                    if (!sections.Contains(number.Value))
                    {
                        wrong.Add($"{Path.GetRelativePath(Root, file)}: {citation.Value}");
                    }
                }
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(citations, Is.GreaterThan(10));
    }

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)(#[^)]*)?\)")]
    private static partial Regex RelativeLink();

    [GeneratedRegex(@"`(?<path>(Demo|Engine|Tests)/[\w./-]*|\.ci/run|\w+\.(md|json))`")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"`(Streams/)?(?<name>\w+\.cs)`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^## (?<number>\d+)\. ", RegexOptions.Multiline)]
    private static partial Regex ProtocolSection();

    [GeneratedRegex(@"PROTOCOL\.md`?\]?(\(PROTOCOL\.md\))?, sections? (?<number>\d+)((,| to| and) (?<number>\d+))*")]
    private static partial Regex ProtocolCitation();

    private static IEnumerable<string> Files(string pattern) =>
        Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Root, pattern))
            .Where(file => !BuildFolder().IsMatch(file));

    [GeneratedRegex(@"[/\\](bin|obj|node_modules|TestResults|BenchmarkDotNet\.Artifacts)[/\\]")]
    private static partial Regex BuildFolder();
}

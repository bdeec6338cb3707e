using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;
using NUnit.Framework;

namespace NetLoop.Tests.Packages;

/// <summary>The packages and their contents.</summary>
[Explicit("Packs the solution: a minute.")]
public sealed class PackageContentTests
{
    private static readonly string[] Libraries = ["NetLoop.Engine", "NetLoop.Hosting", "NetLoop.MessagePack", "NetLoop.Simulation"];
    private static readonly string[] Packages = [.. Libraries, "NetLoop.Templates", "NetLoop.Tool"];

    [Test]
    public void Pack_Solution_MakesThesePackagesWithoutWarnings()
    {
        string[] files = [.. Directory.EnumerateFiles(PackageFeed.Shared.Folder).Select(file => Path.GetFileName(file))];
        string[] expected =
        [
            .. Packages.Select(name => $"{name}.{PackageFeed.Version}.nupkg"),
            .. Libraries.Select(name => $"{name}.{PackageFeed.Version}.snupkg"),
        ];
        Assert.That(files, Is.EquivalentTo(expected));
        Assert.That(PackageFeed.Warnings(PackageFeed.Shared.PackOutput), Is.Empty);
    }

    [TestCaseSource(nameof(Packages))]
    public void Package_Description_IsComplete(string name)
    {
        XElement metadata = PackageFeed.Shared.Metadata(name);
        Assert.Multiple(() =>
        {
            Assert.That(Value(metadata, "license"), Is.EqualTo("MIT"));
            Assert.That(Value(metadata, "readme"), Is.EqualTo("README.md"));
            Assert.That(Value(metadata, "icon"), Is.EqualTo("icon.png"));
            Assert.That(Value(metadata, "tags"), Does.Contain("game-server"));
            Assert.That(Value(metadata, "description"), Has.Length.GreaterThan(60));
            Assert.That(Value(metadata, "authors"), Is.EqualTo("NetLoop contributors"));
        });
        using ZipArchive package = PackageFeed.Shared.Open(name);
        Assert.That(package.GetEntry("README.md")!.Length, Is.GreaterThan(200));
        Assert.That(package.GetEntry("icon.png")!.Length, Is.GreaterThan(200));
    }

    [TestCase("NetLoop.Engine", "libsodium", "MessagePack.Annotations", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.ObjectPool")]
    [TestCase("NetLoop.Hosting", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting", "NetLoop.Engine")]
    [TestCase("NetLoop.MessagePack", "MessagePack", "NetLoop.Engine")]
    [TestCase("NetLoop.Simulation", "Microsoft.Extensions.Logging.Abstractions", "NetLoop.Engine")]
    [TestCase("NetLoop.Templates")]
    [TestCase("NetLoop.Tool")]
    public void Package_Dependencies_AreThese(string name, params string[] dependencies) => Assert.That(
        PackageFeed.Shared.Metadata(name).Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .Select(element => (string)element.Attribute("id")!),
        Is.EquivalentTo(dependencies));

    [TestCase("NetLoop.Engine", "lib/net10.0/NetLoop.Engine.dll", "lib/net10.0/NetLoop.Engine.xml")]
    [TestCase("NetLoop.Engine", "analyzers/dotnet/cs/NetLoop.Generators.dll", "analyzers/dotnet/cs/NetLoop.CodeFixes.dll")]
    [TestCase("NetLoop.Engine", "build/NetLoop.Engine.props", "buildTransitive/NetLoop.Engine.props")]
    [TestCase("NetLoop.Tool", "tools/net10.0/any/netloop.dll", "tools/net10.0/any/NetLoop.Engine.pdb")]
    public void Package_Files_AreThere(string name, params string[] files)
    {
        using ZipArchive package = PackageFeed.Shared.Open(name);
        Assert.That(files.Where(file => package.GetEntry(file) is null), Is.Empty);
    }

    [TestCaseSource(nameof(Libraries))]
    public void Symbols_LeadToTheSources_WhereTheCloneHasARemote(string name)
    {
        using ZipArchive symbols = PackageFeed.Shared.Open(name, "snupkg");
        using var copy = new MemoryStream();
        using (Stream entry = symbols.GetEntry($"lib/net10.0/{name}.pdb")!.Open())
        {
            entry.CopyTo(copy);
        }

        copy.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(copy);
        MetadataReader pdb = provider.GetMetadataReader();
        Assert.That(pdb.Documents, Is.Not.Empty);

        XElement? repository = PackageFeed.Shared.Metadata(name).Elements().SingleOrDefault(element => element.Name.LocalName == "repository");
        if (repository?.Attribute("url") is null)
        {
            Assert.Ignore("This clone has no remote on a known host, so the sources have no address.");
        }

        var sourceLink = new Guid("CC110556-A091-4D38-9FEC-25AB9A351A6A"); // Defined by the portable PDB format.
        Assert.That(
            pdb.GetCustomDebugInformation(EntityHandle.ModuleDefinition).Select(handle => pdb.GetGuid(pdb.GetCustomDebugInformation(handle).Kind)),
            Does.Contain(sourceLink));
    }

    private static string Value(XElement metadata, string name) =>
        metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
}

using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.Packages;

/// <summary>
/// The packages of this repository in a local feed, and folders outside the repository that use them. Nothing is left on the machine: packages, templates
/// and tools go to a directory that is deleted, except that packages of others are read from the user's cache if they are in it.
/// </summary>
internal sealed partial class PackageFeed : IDisposable
{
    /// <summary>A version that no cache has, whatever the repository's version is.</summary>
    public const string Version = "0.1.0-check";

    /// <summary>Long enough for a busy machine, and shorter than the limit of .ci/run.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(10);

    private static readonly Lock Guard = new();
    private static PackageFeed? _shared;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("netloop-packages-");

    private PackageFeed()
    {
        PackOutput = Run(
            Repository.Root,
            "pack", "NetLoop.sln", "-c", "Release", "-o", Folder, $"-p:PackageVersion={Version}", "-p:RunAnalyzersDuringBuild=false", "-nologo");
        File.WriteAllText(
            Path.Combine(_directory.FullName, "nuget.config"),
            $"""
            <configuration>
              <packageSources><add key="netloop" value="{Folder}" /></packageSources>
              {(Path.Exists(UserPackages) ? $"<fallbackPackageFolders><add key=\"user\" value=\"{UserPackages}\" /></fallbackPackageFolders>" : "")}
            </configuration>
            """);
    }

    /// <summary>The feed of this test run; packed at the first use.</summary>
    public static PackageFeed Shared
    {
        get
        {
            lock (Guard)
            {
                return _shared ??= new PackageFeed();
            }
        }
    }

    /// <summary>The directory with the packages.</summary>
    public string Folder => Path.Combine(_directory.FullName, "feed");

    /// <summary>Everything that <c>dotnet pack</c> printed.</summary>
    public string PackOutput { get; }

    private static string UserPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Creates an empty directory whose projects find the packages.</summary>
    public string CreateFolder(string name) => _directory.CreateSubdirectory(name).FullName;

    /// <summary>Opens a package.</summary>
    /// <param name="name">Its name, without version.</param>
    /// <param name="extension">nupkg or snupkg.</param>
    public ZipArchive Open(string name, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Folder, $"{name}.{Version}.{extension}"));

    /// <summary>Reads the metadata of a package.</summary>
    public XElement Metadata(string name)
    {
        using ZipArchive package = Open(name);
        using Stream nuspec = package.GetEntry($"{name}.nuspec")!.Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    /// <summary>Runs a command of the SDK until it ends, and fails the test if the command fails.</summary>
    /// <returns>The output.</returns>
    public string Run(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true };
        if (directory != Repository.Root)
        {
            start.Environment["NUGET_PACKAGES"] = Path.Combine(_directory.FullName, "packages");
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(CommandTimeout))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', arguments)} has not ended after {CommandTimeout}.");
        }

        Assert.That(process.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}: {output.Result}");
        return output.Result;
    }

    /// <summary>Returns the warnings of a build, without those about a vulnerability database that the machine cannot reach.</summary>
    public static IEnumerable<string> Warnings(string output) => output.Split('\n').Where(line => Warning().IsMatch(line)).Distinct();

    /// <summary>Deletes the feed and every folder, if this run used them.</summary>
    public static void DeleteShared()
    {
        lock (Guard)
        {
            _shared?.Dispose();
            _shared = null;
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    [GeneratedRegex(@"\bwarning (?!NU190\d)[A-Z]+\d+\b")]
    private static partial Regex Warning();
}

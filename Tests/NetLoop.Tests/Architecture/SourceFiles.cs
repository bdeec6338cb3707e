using NetLoop.Tests.Demo;

namespace NetLoop.Tests.Architecture;

/// <summary>The source files of the repository, without generated files.</summary>
internal static class SourceFiles
{
    /// <summary>Paths with slashes, relative to the repository, and their lines.</summary>
    /// <param name="folder">The folder to search, such as <c>Engine</c>.</param>
    public static IEnumerable<(string Path, string[] Lines)> In(string folder) => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Select(static file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(static path => (path, File.ReadAllLines(Path.Combine(Repository.Root, path))));
}

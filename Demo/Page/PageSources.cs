using System.Reflection;

namespace NetLoop.Demo.Page;

/// <summary>
/// The demo's source code, which the page links to. It is embedded in the program at build time, and served under the paths of the repository.
/// </summary>
internal static class PageSources
{
    private const string Prefix = "NetLoop.Demo.source/";

    /// <summary>The paths under which files are served, such as <c>/source/Demo/Arena/World.cs</c>, and the names of their embedded resources.</summary>
    public static IEnumerable<(string Path, string Resource)> List() =>
        from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where name.StartsWith(Prefix, StringComparison.Ordinal)
        select ("/source/" + name[Prefix.Length..].Replace('\\', '/'), name);
}

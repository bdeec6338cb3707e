using System.Reflection;

namespace NetLoop.Demo.Page;

/// <summary>The demo's own source, which the page links to: it is served under the paths of the repository, as it was when the program was built.</summary>
internal static class PageSources
{
    private const string Prefix = "NetLoop.Demo.source/";

    /// <summary>The paths under which files are served, such as <c>/source/Demo/Arena/World.cs</c>, and the names of their resources.</summary>
    public static IEnumerable<(string Path, string Resource)> List() =>
        from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where name.StartsWith(Prefix, StringComparison.Ordinal)
        select ("/source/" + name[Prefix.Length..].Replace('\\', '/'), name);
}

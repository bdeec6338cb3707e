namespace NetLoop.Tests.Demo;

/// <summary>Where the repository is that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The directory with the solution.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "NetLoop.sln")))
        {
            directory = Path.GetDirectoryName(directory.TrimEnd('/')) ?? throw new DirectoryNotFoundException("NetLoop.sln is in no directory above the tests");
        }

        return directory;
    }
}

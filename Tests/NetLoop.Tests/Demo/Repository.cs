namespace NetLoop.Tests.Demo;

/// <summary>Finds the repository from which the tests were built.</summary>
internal static class Repository
{
    /// <summary>The directory of the solution.</summary>
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

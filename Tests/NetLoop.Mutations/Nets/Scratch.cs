namespace NetLoop.Mutations.Nets;

/// <summary>A copy of the built tests in which the engine can be exchanged.</summary>
internal sealed class Scratch : IDisposable
{
    private const string Engine = "NetLoop.Engine.dll";

    /// <param name="tests">The folder with the tests' assembly and everything that it needs.</param>
    /// <param name="assembly">The name of that assembly.</param>
    public Scratch(string tests, string assembly)
    {
        TestAssembly = assembly;
        Folder = Directory.CreateTempSubdirectory("netloop-mutations-").FullName;
        EnginePath = Path.Combine(tests, Engine);
        foreach (string file in Directory.GetFiles(tests))
        {
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        }

        string own = typeof(Scratch).Assembly.Location;
        File.Copy(own, Path.Combine(Folder, Path.GetFileName(own)), overwrite: true);

        // They belong to another engine.
        File.Delete(Path.Combine(Folder, Path.ChangeExtension(Engine, "pdb")));
    }

    public string Folder { get; }

    public string TestAssembly { get; }

    /// <summary>The engine as it was built.</summary>
    public string EnginePath { get; }

    public void PutEngine(byte[] image) => File.WriteAllBytes(Path.Combine(Folder, Engine), image);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

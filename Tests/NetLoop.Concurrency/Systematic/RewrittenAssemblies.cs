using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Coyote;
using Microsoft.Coyote.Rewriting;
using Mono.Cecil;

namespace NetLoop.Concurrency;

/// <summary>The engine and the scenarios, rewritten so that Coyote decides which thread runs; loaded beside the originals.</summary>
internal sealed class RewrittenAssemblies : AssemblyLoadContext
{
    private static readonly string ScenariosName = typeof(RewrittenAssemblies).Assembly.GetName().Name!;
    private static readonly string EngineName = typeof(NetServer).Assembly.GetName().Name!;
    private static readonly Lazy<Dictionary<string, byte[]>> Rewritten = new(Rewrite);

    private readonly Dictionary<string, byte[]> _images;

    private RewrittenAssemblies(Dictionary<string, byte[]> images)
        : base(isCollectible: true)
    {
        _images = images;
        Scenarios = LoadFromAssemblyName(new AssemblyName(ScenariosName));
    }

    /// <summary>This assembly, rewritten.</summary>
    public Assembly Scenarios { get; }

    /// <summary>Loads copies of both assemblies.</summary>
    /// <param name="plant">Changes the engine before it is rewritten; null for no change.</param>
    public static RewrittenAssemblies Load(Action<ModuleDefinition>? plant = null)
    {
        var images = new Dictionary<string, byte[]>(Rewritten.Value);
        if (plant is not null)
        {
            images[EngineName] = Change(images[EngineName], plant);
        }

        return new RewrittenAssemblies(images);
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        _images.TryGetValue(assemblyName.Name!, out byte[]? image) ? LoadFromStream(new MemoryStream(image)) : null;

    private static byte[] Change(byte[] image, Action<ModuleDefinition> change)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        using var assembly = AssemblyDefinition.ReadAssembly(new MemoryStream(image), new ReaderParameters { AssemblyResolver = resolver });
        change(assembly.MainModule);
        var changed = new MemoryStream();
        assembly.Write(changed);
        return changed.ToArray();
    }

    private static Dictionary<string, byte[]> Rewrite()
    {
        string directory = Directory.CreateTempSubdirectory("netloop-concurrency-").FullName;
        try
        {
            string output = Path.Combine(directory, "rewritten");
            string[] names = [EngineName, ScenariosName];
            foreach (string name in names)
            {
                File.Copy(Path.Combine(AppContext.BaseDirectory, name + ".dll"), Path.Combine(directory, name + ".dll"));
            }

            Rewrite(directory, output, names);
            var images = names.ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(output, name + ".dll")));

            // Last, because the rewriting fails if each assembly needs the other.
            images[EngineName] = Change(images[EngineName], Seams.Mend);
            return images;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Does the work of the tool "coyote rewrite"; the package has it in an internal class.</summary>
    private static void Rewrite(string directory, string output, string[] names)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
        Assembly tool = typeof(RewritingEngine).Assembly;
        Type optionsType = tool.GetType("Microsoft.Coyote.Rewriting.RewritingOptions", throwOnError: true)!;
        object options = optionsType.GetMethod("Create", Any)!.Invoke(null, [])!;
        Set("AssembliesDirectory", directory);
        Set("OutputDirectory", output);
        Set("AssemblyPaths", names.Select(name => Path.Combine(directory, name + ".dll")).ToHashSet());
        Set("DependencySearchPaths", new List<string> { AppContext.BaseDirectory, Path.GetDirectoryName(typeof(object).Assembly.Location)! });
        Type logType = typeof(Configuration).Assembly.GetType("Microsoft.Coyote.Logging.LogWriter", throwOnError: true)!;
        Configuration configuration = Configuration.Create();
        object log = Activator.CreateInstance(logType, Any, null, [configuration, false], null)!;
        object profiler = Activator.CreateInstance(typeof(Configuration).Assembly.GetType("Microsoft.Coyote.Profiler", throwOnError: true)!, nonPublic: true)!;
        typeof(RewritingEngine).GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, [options, configuration, log, profiler]);

        void Set(string name, object value) => optionsType.GetProperty(name, Any)!.SetValue(options, value);
    }
}

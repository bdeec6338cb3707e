using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Mono.Cecil.Cil;
using NetLoop.Demo.CommandLine;
using NetLoop.Worlds;

namespace NetLoop.Demo.Sim.Coverage;

/// <summary>
/// Runs worlds on a copy of the engine that records which of its lines ran. The simulator and the worlds are loaded a second time, with references to that
/// copy.
/// </summary>
/// <remarks>Thread: any thread may run a world; the report is read when all have ended.</remarks>
internal sealed class EngineCoverage : AssemblyLoadContext
{
    private readonly Assembly _engine;
    private readonly Assembly _simulation;
    private readonly MethodInfo _run;
    private readonly Type _options;
    private readonly List<CoveragePoint> _points;
    private readonly byte[] _seen;

    private EngineCoverage(byte[] engine, List<CoveragePoint> points)
    {
        _points = points;
        _seen = new byte[points.Count];
        _engine = LoadFromStream(new MemoryStream(engine));
        _simulation = LoadFromStream(new MemoryStream(File.ReadAllBytes(typeof(NetSimulation).Assembly.Location)));
        _engine.GetType(Instrumenter.MarksType)!.GetField(Instrumenter.MarksField)!.SetValue(null, _seen);
        Assembly worlds = LoadFromStream(new MemoryStream(File.ReadAllBytes(typeof(World).Assembly.Location)));
        _run = worlds.GetType(typeof(World).FullName!)!.GetMethod(nameof(World.Run))!;
        _options = worlds.GetType(typeof(WorldOptions).FullName!)!;
    }

    /// <summary>Loads the engine, the simulator and the worlds.</summary>
    /// <exception cref="MistakeException">There are no symbols from which to read the lines.</exception>
    public static EngineCoverage Load()
    {
        string file = typeof(NetServer).Assembly.Location;
        try
        {
            return new EngineCoverage(Instrumenter.Mark(file, out List<CoveragePoint> points), points);
        }
        catch (Exception exception) when (exception is IOException or SymbolsNotFoundException or SymbolsNotMatchingException or ArgumentException)
        {
            throw new MistakeException(
                $"--coverage reads the lines from '{Path.ChangeExtension(file, ".pdb")}', and cannot: {exception.Message}; run netloop from a folder "
                    + "that it was built into, or write --coverage faults");
        }
    }

    /// <summary>Runs a world.</summary>
    public WorldResult Run(WorldOptions options)
    {
        try
        {
            return (WorldResult)ForeignCopy.To(typeof(WorldResult), _run.Invoke(null, [ForeignCopy.To(_options, options)]))!;
        }
        catch (TargetInvocationException thrown) when (thrown.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    /// <summary>Returns how much of each folder ran, and of all code that worlds can run: they cannot run the stacks of real systems.</summary>
    public IEnumerable<string> Summary()
    {
        yield return "engine's lines                  ran         of";
        var folders = _points.Select((point, index) => (point.Folder, HasRun: _seen[index] != 0))
            .GroupBy(static point => point.Folder)
            .OrderBy(static folder => folder.Key, StringComparer.Ordinal);
        int ran = 0;
        int all = 0;
        foreach (var folder in folders)
        {
            int ranHere = folder.Count(static point => point.HasRun);
            int allHere = folder.Count();
            bool isStack = IsStack(folder.Key);
            ran += isStack ? 0 : ranHere;
            all += isStack ? 0 : allHere;
            yield return Line(folder.Key, ranHere, allHere) + (isStack ? ", not counted" : "");
        }

        yield return Line("in all", ran, all);
    }

    /// <summary>Returns the lines that no world ran, one line of text for each file.</summary>
    public IEnumerable<string> Uncovered() =>
        from point in _points.Select((point, index) => (point.File, point.Folder, point.Line, HasRun: _seen[index] != 0))
        where !point.HasRun && !IsStack(point.Folder)
        group point.Line by point.File into file
        orderby file.Key
        select $"{file.Key}: {string.Join(' ', file.Distinct().Order())}";

    protected override Assembly? Load(AssemblyName assemblyName) =>
        new[] { _engine, _simulation }.FirstOrDefault(own => own.GetName().Name == assemblyName.Name);

    private static bool IsStack(string folder) => folder.StartsWith("Stack/", StringComparison.Ordinal);

    private static string Line(string name, int ran, int all) =>
        string.Create(CultureInfo.InvariantCulture, $"{name,-24} {ran,10} {all,10} {100.0 * ran / all,4:0} %");
}

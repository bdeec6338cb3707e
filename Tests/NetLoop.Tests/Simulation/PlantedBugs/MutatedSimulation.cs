using System.Reflection;
using System.Runtime.Loader;
using NetLoop.Worlds;

namespace NetLoop.Tests.Simulation.PlantedBugs;

/// <summary>The simulator and the worlds, loaded a second time with an engine that has a bug.</summary>
internal sealed class MutatedSimulation : AssemblyLoadContext
{
    private readonly Assembly _engine;
    private readonly Assembly _simulation;
    private readonly MethodInfo _run;
    private readonly ConstructorInfo _options;
    private readonly Type _kind;

    public MutatedSimulation(byte[] engine)
        : base(isCollectible: true)
    {
        _engine = LoadFromStream(new MemoryStream(engine));
        _simulation = LoadFromStream(new MemoryStream(File.ReadAllBytes(typeof(NetSimulation).Assembly.Location)));
        Assembly worlds = LoadFromStream(new MemoryStream(File.ReadAllBytes(typeof(World).Assembly.Location)));
        _run = worlds.GetType(typeof(World).FullName!)!.GetMethod(nameof(World.Run))!;
        _kind = worlds.GetType(typeof(WorldKind).FullName!)!;
        _options = worlds.GetType(typeof(WorldOptions).FullName!)!.GetConstructor([typeof(ulong), _kind])!;
    }

    /// <summary>Runs a world.</summary>
    /// <returns>The invariant that was violated, with its text; null if all held.</returns>
    public string? Run(ulong seed, WorldKind kind)
    {
        object result = _run.Invoke(null, [_options.Invoke([seed, Enum.ToObject(_kind, (int)kind)])])!;
        return result.GetType().GetProperty(nameof(WorldResult.Violation))!.GetValue(result)?.ToString();
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        new[] { _engine, _simulation }.FirstOrDefault(own => own.GetName().Name == assemblyName.Name);
}

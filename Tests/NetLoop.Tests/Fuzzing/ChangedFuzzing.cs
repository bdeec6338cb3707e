extern alias fuzzing;

using System.Reflection;
using System.Runtime.Loader;
using fuzzing::NetLoop.Fuzzing.Running;
using fuzzing::NetLoop.Fuzzing.Targets;

namespace NetLoop.Tests.Fuzzing;

/// <summary>The fuzzer, loaded a second time with a changed engine.</summary>
internal sealed class ChangedFuzzing : AssemblyLoadContext
{
    private readonly Assembly _engine;
    private readonly Assembly _fuzzing;

    public ChangedFuzzing(byte[] engine)
        : base(isCollectible: true)
    {
        _engine = LoadFromStream(new MemoryStream(engine));
        _fuzzing = LoadFrom(typeof(FuzzCommand).Assembly.Location);
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code, and the output.</returns>
    public (int ExitCode, string Output) Run(params string[] words)
    {
        MethodInfo create = _fuzzing.GetType(typeof(FuzzTargets).FullName!)!.GetMethod(nameof(FuzzTargets.Create))!;
        Delegate createTargets = create.CreateDelegate(typeof(Func<>).MakeGenericType(create.ReturnType));
        var output = new StringWriter();
        object exitCode = _fuzzing.GetType(typeof(FuzzCommand).FullName!)!.GetMethod(nameof(FuzzCommand.Run))!.Invoke(
            null, [words, createTargets, output, output])!;
        return ((int)exitCode, output.ToString());
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == _engine.GetName().Name)
        {
            return _engine;
        }

        // Assemblies built from this repository also use the changed engine; all others are shared.
        string file = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
        return assemblyName.Name!.StartsWith("netloop", StringComparison.OrdinalIgnoreCase) && File.Exists(file) ? LoadFrom(file) : null;
    }

    private Assembly LoadFrom(string file) => LoadFromStream(new MemoryStream(File.ReadAllBytes(file)));
}

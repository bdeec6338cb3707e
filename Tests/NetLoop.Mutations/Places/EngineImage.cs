using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NetLoop.Mutations.Places;

/// <summary>The compiled engine, to be changed in memory. Its symbols must be in the same folder.</summary>
internal sealed class EngineImage : IDisposable
{
    private const string SourceRoot = "/Engine/NetLoop/";
    private const string GeneratedCode = "System.Runtime.CompilerServices.CompilerGeneratedAttribute";

    private readonly DefaultAssemblyResolver _resolver = new();

    public EngineImage(string path)
    {
        _resolver.AddSearchDirectory(Path.GetDirectoryName(path)!);
        _resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        Module = ModuleDefinition.ReadModule(path, new ReaderParameters { ReadSymbols = true, InMemory = true, AssemblyResolver = _resolver });
        List<MethodDefinition> methods = [.. Module.GetTypes().SelectMany(type => type.Methods).Where(IsWritten)];
        HashSet<string> overloaded = [.. methods.GroupBy(NameOf).Where(group => group.Count() > 1).Select(group => group.Key)];
        Methods = [.. methods.Select(method => (overloaded.Contains(NameOf(method)) ? NameOf(method) + ParametersOf(method) : NameOf(method), method))];
    }

    public ModuleDefinition Module { get; }

    /// <summary>The methods that are in the source, each with a unique name.</summary>
    public IReadOnlyList<(string Name, MethodDefinition Method)> Methods { get; }

    /// <summary>The source file of a method, relative to the engine's folder.</summary>
    public static string FileOf(MethodDefinition method)
    {
        string url = method.DebugInformation.SequencePoints.First(point => !point.IsHidden).Document.Url.Replace('\\', '/');
        return url[(url.IndexOf(SourceRoot, StringComparison.Ordinal) + SourceRoot.Length)..];
    }

    /// <summary>The bytes of the image.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream stream = new();
        Module.Write(stream);
        return stream.ToArray();
    }

    public void Dispose()
    {
        Module.Dispose();
        _resolver.Dispose();
    }

    private static bool IsWritten(MethodDefinition method)
    {
        bool isCompilers = method.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == GeneratedCode) && !method.Name.StartsWith('<');
        SequencePoint? first = method.HasBody ? method.DebugInformation.SequencePoints.FirstOrDefault(point => !point.IsHidden) : null;
        string url = first?.Document.Url.Replace('\\', '/') ?? "";
        return !isCompilers
            && url.Contains(SourceRoot, StringComparison.Ordinal)
            && !url.Contains("/obj/", StringComparison.Ordinal)
            && !url.EndsWith(".g.cs", StringComparison.Ordinal);
    }

    private static string NameOf(MethodDefinition method) => $"{ShortName(method.DeclaringType.FullName)}.{method.Name}";

    private static string ParametersOf(MethodDefinition method) =>
        $"({string.Join(',', method.Parameters.Select(parameter => TypeName(parameter.ParameterType)))})"
            + $"{(method.Name is "op_Implicit" or "op_Explicit" ? method.ReturnType.Name : "")}";

    /// <summary>Overloads may differ only in the type arguments of a delegate.</summary>
    private static string TypeName(TypeReference type) => type is GenericInstanceType generic && type.Name.StartsWith("Func`", StringComparison.Ordinal)
        ? $"{type.Name}[{string.Join(' ', generic.GenericArguments.Select(argument => argument.Name))}]"
        : ShortName(type.Name);

    private static string ShortName(string name) =>
        (name.StartsWith("NetLoop.", StringComparison.Ordinal) ? name["NetLoop.".Length..] : name).Replace('/', '.');
}

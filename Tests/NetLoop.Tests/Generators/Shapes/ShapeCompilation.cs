using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace NetLoop.Tests.Generators.Shapes;

/// <summary>Many shapes in one compilation: one after the other they would take minutes.</summary>
internal sealed class ShapeCompilation
{
    private const string Usings =
        """
        using System; using System.Collections.Generic; using System.Collections.Immutable; using System.Diagnostics.CodeAnalysis; using System.Linq;
        using System.Numerics; using System.Runtime.CompilerServices; using NetLoop; using MessagePack;

        """;

    private const string Trip =
        """
        public static class Trip
        {
            public static string Run<T>(T value) where T : NetLoop.INetContract<T>
            {
                byte[] wire = NetLoop.NetMessagePack.Serialize(value);
                string hex = System.Convert.ToHexString(wire);
                if (!NetLoop.NetMessagePack.TryDeserialize(wire, out T? read, out NetLoop.DecodeStatus status))
                {
                    return hex + " is refused: " + status;
                }
                string again = System.Convert.ToHexString(NetLoop.NetMessagePack.Serialize(read));
                return again == hex ? hex : hex + " comes back as " + again;
            }
        }
        """;

    private readonly Dictionary<Shape, string> _fileOf;
    private readonly Compilation _output;
    private readonly ILookup<string, Diagnostic> _findings;
    private readonly ILookup<string, Diagnostic> _errors;
    private readonly Lazy<Assembly> _assembly;

    public ShapeCompilation(IReadOnlyList<Shape> shapes, string extra = "")
    {
        _fileOf = shapes.Select((shape, index) => (shape, index)).ToDictionary(pair => pair.shape, pair => $"N{pair.index:D4}");
        CSharpParseOptions options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);
        CSharpCompilation compilation = GeneratorRun.Compile().AddSyntaxTrees(
        [
            CSharpSyntaxTree.ParseText(extra + Trip, options, "Trip.cs"),
            .. shapes.Select(shape => CSharpSyntaxTree.ParseText(Text(shape), options, _fileOf[shape] + ".cs")),
        ]);
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(compilation, out _output, out ImmutableArray<Diagnostic> failures);
        Assert.That(failures, Is.Empty);
        (ImmutableArray<Diagnostic> findings, ImmutableArray<Diagnostic> errors) = GeneratorRun.AllFindings(_output);
        _findings = findings.OrderBy(finding => finding.Location.SourceSpan.Start).ToLookup(
            finding => Path.GetFileNameWithoutExtension(finding.Location.SourceTree?.FilePath ?? ""));
        _errors = errors.ToLookup(FileOf);
        _assembly = new(Load);
    }

    /// <summary>The compiler's errors and warnings in a shape and its generated code.</summary>
    public IEnumerable<string> ErrorsOf(Shape shape) => _errors[_fileOf[shape]].Select(error => error.ToString());

    public IEnumerable<string> ErrorIdsOf(Shape shape) => _errors[_fileOf[shape]].Select(error => error.Id).Distinct();

    /// <summary>What belongs to no shape.</summary>
    public IEnumerable<string> OtherErrors => _errors[""].Select(error => error.ToString());

    public IEnumerable<string> FindingsOf(Shape shape) => _findings[_fileOf[shape]].Select(finding => finding.Id);

    public IEnumerable<string> MessagesOf(Shape shape) => _findings[_fileOf[shape]].Select(finding => finding.GetMessage(CultureInfo.InvariantCulture));

    /// <summary>Sends the sample there and back; returns its bytes, or what went wrong.</summary>
    public string Run(Shape shape) => (string)_assembly.Value.GetType(_fileOf[shape] + "Sample")!.GetMethod("Run")!.Invoke(null, null)!;

    private string Text(Shape shape)
    {
        string name = _fileOf[shape];
        string number = (1_000 + int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
        string source = shape.Source.Replace("NetMessage(#", "NetMessage(" + number, StringComparison.Ordinal);
        bool hasNamespace = source.Contains("namespace ", StringComparison.Ordinal);
        string sample = shape.Sample is { } value ? $"public static class {name}Sample {{ public static string Run() => Trip.Run({value}); }}" : "";
        string body = hasNamespace ? source : $"namespace {name} {{\n{source}\n}}";
        return Usings + (hasNamespace ? "" : $"using {name};\n") + body + "\n" + sample;
    }

    // A generated file is named after the namespace of its shape.
    private string FileOf(Diagnostic error)
    {
        string file = Path.GetFileName(error.Location.SourceTree?.FilePath ?? "");
        string name = file.Split('.')[0];
        return _fileOf.ContainsValue(name) ? name : "";
    }

    private Assembly Load()
    {
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = _output.Emit(image);
        Assert.That(result.Success, Is.True, "a shape does not compile; its own test says which");
        image.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(image);
    }
}

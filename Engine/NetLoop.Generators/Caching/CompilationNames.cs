using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Caching;

/// <summary>The meanings of names in the files of a compilation.</summary>
internal sealed class CompilationNames
{
    private static readonly ConditionalWeakTable<Compilation, CompilationNames> Known = new();

    private readonly Dictionary<string, ulong> _meanings = [];
    private readonly Dictionary<long, FileNames> _files = [];
    private readonly Dictionary<long, ulong> _stamps = [];

    private CompilationNames(Compilation compilation)
    {
        ulong environment = Hash.Empty.With(compilation.AssemblyName ?? "").With((ulong)Identity.Of(compilation.Options));
        foreach (MetadataReference reference in compilation.References)
        {
            environment = environment.With((ulong)Identity.Of(reference));
        }

        List<FileNames> global = [];
        foreach (FileNames file in compilation.SyntaxTrees.Select(FileNames.Of))
        {
            _files[file.Number] = file;
            if (file.HasGlobalUsings)
            {
                global.Add(file);
            }

            foreach ((string name, ulong hash) in file.Declared)
            {
                // A sum, so that another part of a partial type changes the meaning: it may have members.
                _meanings[name] = unchecked((_meanings.TryGetValue(name, out ulong others) ? others : 0) + hash);
            }
        }

        Environment = global.Aggregate(environment, (hash, file) => hash.With(file.GlobalUsings).With(Meanings(file)));
    }

    /// <summary>A hash of everything that concerns all files: options, references, global usings.</summary>
    public ulong Environment { get; }

    public static CompilationNames Of(Compilation compilation) => Known.GetValue(compilation, static compilation => new CompilationNames(compilation));

    /// <summary>A hash of the meanings of all names in a version of a file; null if the compilation does not have that version.</summary>
    public ulong? StampOf(long file)
    {
        if (!_files.TryGetValue(file, out FileNames? names))
        {
            return null;
        }
        // The analyzer calls this from several threads.
        lock (_stamps)
        {
            if (!_stamps.TryGetValue(file, out ulong stamp))
            {
                _stamps[file] = stamp = Meanings(names);
            }

            return stamp;
        }
    }

    private ulong Meanings(FileNames file) =>
        file.Used.Aggregate(Hash.Empty, (hash, name) => _meanings.TryGetValue(name, out ulong meaning) ? hash.With(meaning) : hash.With(0));
}

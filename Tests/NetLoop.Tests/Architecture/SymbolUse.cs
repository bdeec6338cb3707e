using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>A symbol, and the place at which the engine uses or declares it.</summary>
/// <param name="File">Path relative to <c>Engine/NetLoop</c>.</param>
/// <param name="Place">File and line, for messages.</param>
/// <param name="Symbol">The symbol.</param>
internal readonly record struct SymbolUse(string File, string Place, ISymbol Symbol)
{
    /// <summary>The folder with its parent folders: <c>Stack/Linux</c>; empty for a file outside all folders.</summary>
    public string Folder => Path.GetDirectoryName(File)!.Replace('\\', '/');

    /// <summary>The top-level folder: <c>Stack</c>.</summary>
    public string Station => Folder.Split('/')[0];
}

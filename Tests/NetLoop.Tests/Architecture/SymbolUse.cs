using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>A symbol, and where in the engine it is used or declared.</summary>
/// <param name="File">Path relative to <c>Engine/NetLoop</c>.</param>
/// <param name="Place">File and line, for messages.</param>
/// <param name="Symbol">What the name means.</param>
internal readonly record struct SymbolUse(string File, string Place, ISymbol Symbol)
{
    /// <summary>The folder with all its subfolders: <c>Stack/Linux</c>; empty for a file in no folder.</summary>
    public string Folder => Path.GetDirectoryName(File)!.Replace('\\', '/');

    /// <summary>The folder that has a level: <c>Stack</c>.</summary>
    public string Station => Folder.Split('/')[0];
}

using System.CommandLine;

namespace NetLoop.Demo.CommandLine;

/// <summary>A command whose help ends with examples that can be copied.</summary>
internal sealed class NetLoopCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole command lines, each followed by # and a few words that explain it.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}

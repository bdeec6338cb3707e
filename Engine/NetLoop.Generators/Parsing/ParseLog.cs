using System;
using System.Collections.Generic;

namespace NetLoop.Generators.Parsing;

/// <summary>Counts what is parsed, for tests of the caching: time would tell nothing on a busy machine.</summary>
internal static class ParseLog
{
    [ThreadStatic]
    private static List<string>? _names;

    /// <summary>Begins a new list, of what this thread parses from now on.</summary>
    public static List<string> Start() => _names = [];

    /// <summary>Notes that a contract is parsed.</summary>
    public static void Add(string name) => _names?.Add(name);
}

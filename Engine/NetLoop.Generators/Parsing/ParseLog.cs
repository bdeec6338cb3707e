using System;
using System.Collections.Generic;

namespace NetLoop.Generators.Parsing;

/// <summary>Lists the parsed contracts, for tests of the caching: timing proves nothing on a busy machine.</summary>
internal static class ParseLog
{
    [ThreadStatic]
    private static List<string>? _names;

    /// <summary>Starts a new list of the contracts that this thread parses from now on.</summary>
    public static List<string> Start() => _names = [];

    /// <summary>Records that a contract is parsed.</summary>
    public static void Add(string name) => _names?.Add(name);
}

using BenchmarkDotNet.Running;
using NetLoop.Benchmarks.EndToEnd;

namespace NetLoop.Benchmarks;

/// <summary>Runs an end-to-end command by its name, and everything else with BenchmarkDotNet.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments.Length > 0 && BenchmarkProgram.Commands.TryGetValue(arguments[0], out Func<string[], Task<int>>? command))
        {
            return await command(arguments[1..]).ConfigureAwait(false);
        }

        // BenchmarkDotNet's switcher would take an unknown word for a filter and ask on the terminal: report it here, in one line.
        if (arguments.Length > 0 && !arguments[0].StartsWith('-'))
        {
            await Console.Error.WriteLineAsync($"'{arguments[0]}' is not a command: {Usage()}").ConfigureAwait(false);
            return 2;
        }

        string[] options = arguments.Length > 0 ? arguments : ["--filter", "*"];
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(options, new ShortRunConfig());
        return 0;
    }

    private static string Usage()
    {
        const string micro = "for micro-benchmarks write --filter '*Codec*', or --list flat";
        return $"commands are {string.Join(", ", BenchmarkProgram.Commands.Keys.Order(StringComparer.Ordinal))}; {micro}";
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Sim.Coverage;
using NetLoop.Simulation;
using NetLoop.Worlds;

namespace NetLoop.Demo.Sim;

/// <summary><c>netloop sim</c>: runs the whole engine in simulated worlds, each determined by one number.</summary>
internal static class SimCommand
{
    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Run the world of this seed [default: a random seed]",
        HelpName = "N",
        CustomParser = result => TryParseSeed(OptionFactory.Text(result), out ulong seed)
            ? seed
            : OptionFactory.Wrong<ulong?>(result, "--seed", "is not a number from 0 to 18446744073709551615, for example 42 or 0x2a"),
    };

    private static readonly Option<(ulong First, ulong Last)?> Seeds = new("--seeds")
    {
        Description = "Run the worlds of all these seeds, for example 1..1000",
        HelpName = "A..B",
        CustomParser = ParseRange,
    };

    private static readonly Option<FaultFilter?> Faults = new("--faults")
    {
        Description = "Faults that may happen: all, none, a word in their names, or -word to exclude, for example all,-reset,-crash [default: all]",
        HelpName = "LIST",
        CustomParser = result => FaultFilter.TryParse(OptionFactory.Text(result), out FaultFilter? filter, out string? mistake)
            ? filter
            : OptionFactory.Wrong<FaultFilter?>(
                result,
                "--faults",
                $"has '{mistake}', which names no fault; write all, none or words such as receive, loss, -reset; --coverage lists all names"),
    };

    private static readonly Option<TimeSpan?> Budget = OptionFactory.Duration("--duration", "Start no more worlds after this time, for example 10m");
    private static readonly Option<TimeSpan?> Safety = OptionFactory.Duration(
        "--safety", "How long faults last in virtual time, instead of the time that the seed draws");
    private static readonly Option<int> Jobs = OptionFactory.Integer("--jobs", "Worlds at a time, each on one thread", Environment.ProcessorCount, 1, 256);
    private static readonly Option<int> Clients = OptionFactory.Integer(
        "--clients", "Number of clients, instead of the number that the seed draws; 0 uses the seed", 0, 0, 1000);
    private static readonly Option<int> Messages = OptionFactory.Integer(
        "--messages", "With --world links: number of reliable messages, instead of the number that the seed draws; 0 uses the seed", 0, 0, 1_000_000_000);
    private static readonly Option<LinkConditions?> Link = new("--link")
    {
        Description = "With --world links: the wire, instead of the one that the seed draws, for example loss=0.25,duplication=0.25,latency=1s,jitter=100ms",
        HelpName = "LIST",
        CustomParser = result => LinkText.TryParse(OptionFactory.Text(result), out LinkConditions? link, out string? mistake)
            ? link
            : OptionFactory.Wrong<LinkConditions?>(result, "--link", $"has '{mistake}'; write {LinkText.Allowed}"),
    };

    private static readonly Option<int> UntilTick = OptionFactory.Integer(
        "--until-tick", "Stop after this tick of the server; 0 runs to the end", 0, 0, int.MaxValue);
    private static readonly Option<string?> TraceFile = new("--trace") { Description = "Write every event as a line of JSON to this file", HelpName = "FILE" };
    private static readonly Option<bool> Determinism = new("--check-determinism") { Description = "Run every world twice and compare" };
    private static readonly Option<bool> Shrink = new("--shrink")
    {
        Description = "Find the fewest faults and clients and the shortest time that still reproduce the first failure",
    };
    private static readonly Option<CoverageReport> Coverage = new("--coverage")
    {
        Description =
            "Print how often each fault class happened and how much of the engine ran; with 'lines', also which lines did not run; with 'faults', only "
                + "the faults",
        HelpName = "lines|faults",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static result => OptionFactory.Text(result) switch
        {
            "" when result.Tokens.Count == 0 => CoverageReport.Engine,
            "lines" => CoverageReport.Lines,
            "faults" => CoverageReport.Faults,
            _ => OptionFactory.Wrong<CoverageReport>(result, "--coverage", "is neither lines nor faults; write one of them, or nothing for both tables"),
        },
    };

    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "With one seed, first print what it drew: links, limits, faults and their rates",
    };
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print a machine-readable summary on stdout at the end; everything else goes to stderr",
    };
    private static readonly WorldKind[] EveryKind = [.. Enum.GetValues<WorldKind>().Where(static kind => kind != WorldKind.Canary)];

    private static readonly Option<WorldKind[]?> Kind = OptionFactory.Word<WorldKind[]?>(
        "--world",
        "What the world stresses; with all, each seed runs the next kind [default: swarm]",
        [.. Enum.GetValues<WorldKind>().Select(kind => (kind.ToString().ToLowerInvariant(), new[] { kind })), ("all", EveryKind)]);

    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        var command = new NetLoopCommand(
            "sim",
            "Run server and clients in simulated worlds full of faults, each determined by a seed. Exit code 1 when an invariant breaks",
            "netloop sim --seed 42 --verbose                     # one world: what it drew, and how it went",
            "netloop sim --seeds 1..1000 --coverage              # a thousand worlds: how often each fault happened, and how much of the engine ran",
            "netloop sim --world all --seeds 1..300 --coverage lines   # worlds of every kind: which lines of the engine never ran",
            "netloop sim --world attack --budget 10m             # new worlds for ten minutes",
            "netloop sim --seed 42 --faults all,-reset --shrink  # without resets; then the smallest world that still fails",
            "netloop sim --seed 42 --until-tick 90 --trace t.ndjson   # every event of the first ticks",
            "netloop sim --world links --messages 10000000 --link loss=0.4,latency=20ms   # ten million messages through a bad wire");
        Budget.Aliases.Add("--budget");
        Kind.Arity = ArgumentArity.ExactlyOne;
        Option[] options =
        [
            Seed, Seeds, Budget, Jobs, Kind, Faults, Clients, Safety, Messages, Link, UntilTick, TraceFile, Determinism, Shrink, Coverage, Verbose, Json,
        ];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Validate);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        using var run = new CommandRun(parsed.GetValue(Json), parsed.GetValue(Budget));
        SimSettings settings = Read(parsed);
        if (settings.TraceFile is { } file)
        {
            CheckWritable(file);
        }

        return await new SimRun(run, settings).RunAsync().ConfigureAwait(false);
    }

    private static SimSettings Read(ParseResult parsed)
    {
        ulong first = parsed.GetValue(Seed) ?? RandomNumberGenerator.GetBytes(4).Aggregate(0UL, static (seed, one) => (seed << 8) | one);
        bool isEndless = parsed.GetValue(Budget) is not null && parsed.GetValue(Seed) is null;
        (ulong First, ulong Last) range = parsed.GetValue(Seeds) ?? (first, isEndless ? ulong.MaxValue : first);
        bool isSingle = range.First == range.Last;
        return new SimSettings
        {
            First = range.First,
            Last = range.Last,
            Jobs = isSingle ? 1 : parsed.GetValue(Jobs),
            Worlds = parsed.GetValue(Kind) is { Length: > 0 } kinds ? kinds : [WorldKind.Swarm],
            Faults = parsed.GetValue(Faults) ?? FaultFilter.All,
            Clients = parsed.GetValue(Clients),
            Safety = parsed.GetValue(Safety) ?? TimeSpan.Zero,
            Messages = parsed.GetValue(Messages),
            Link = parsed.GetValue(Link),
            UntilTick = parsed.GetValue(UntilTick),
            TraceFile = parsed.GetValue(TraceFile),
            ChecksDeterminism = parsed.GetValue(Determinism),
            Shrinks = parsed.GetValue(Shrink),
            Coverage = parsed.GetValue(Coverage),
            IsVerbose = parsed.GetValue(Verbose),
        };
    }

    private static void Validate(CommandResult result)
    {
        if (result.GetResult(Seed) is not null && result.GetResult(Seeds) is not null)
        {
            result.AddError("--seed is one world and --seeds are many: write one of them");
        }

        bool hasLinks = result.GetResult(Kind)?.Tokens is [{ Value: "links" or "all" }];
        if (!hasLinks && (result.GetResult(Link) is not null || result.GetResult(Messages) is { Implicit: false }))
        {
            result.AddError("--messages and --link are for worlds of links: write --world links with them");
        }

        bool isSingle = result.GetResult(Seeds) is null && (result.GetResult(Seed) is not null || result.GetResult(Budget) is null);
        if (result.GetResult(TraceFile) is not null && !isSingle)
        {
            result.AddError("--trace is for one world: write --seed N with it");
        }
    }

    private static void CheckWritable(string file)
    {
        try
        {
            File.WriteAllText(file, "");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new MistakeException($"--trace '{file}' cannot be written: {exception.Message}");
        }
    }

    private static (ulong First, ulong Last)? ParseRange(ArgumentResult result)
    {
        string[] ends = OptionFactory.Text(result).Split("..");
        return ends.Length == 2 && TryParseSeed(ends[0], out ulong first) && TryParseSeed(ends[1], out ulong last) && first <= last
            ? (first, last)
            : OptionFactory.Wrong<(ulong First, ulong Last)?>(
                result, "--seeds", "is not a range of numbers; write the first and the last, for example 1..1000");
    }

    private static bool TryParseSeed(string text, out ulong seed) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out seed)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}

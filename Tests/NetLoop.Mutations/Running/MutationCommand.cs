using System.CommandLine;
using System.CommandLine.Help;

namespace NetLoop.Mutations.Running;

/// <summary>Runs a command line and returns the exit code: 0 if all bugs were found, 1 if some were not, 2 for a mistake in the command line.</summary>
internal static class MutationCommand
{
    private const int DefaultCount = 40;
    private const int MaxCount = 100_000;
    private const long DefaultBudget = 120;
    private const long DefaultPatience = 100;
    private const long MaxSeconds = 86_400;
    private const string TestAssembly = "NetLoop.Tests.dll";

    private static readonly string[] Tasks = ["list", "run", "map", "table", "repair"];

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For mistakes in the command line, one line each.</param>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        Argument<string> task = new("task")
        {
            Description =
                "list: prints places; run: plants bugs and lets tests, worlds and fuzzers look for them; map: finds out what runs which place; "
                    + "table: prints the recorded bugs as Markdown; repair: prints the file of the recorded bugs as it should be after a change of the engine",
        };
        Option<int?> seed = new("--seed") { Description = "Chooses places; from 0 on" };
        Option<int?> count = new("--count") { Description = $"How many places; {DefaultCount} with a seed, all without" };
        Option<string[]> only = new("--only") { Description = "This place alone; may be given several times" };
        Option<string?> match = new("--match") { Description = "Places with this text in their name or file" };
        Option<bool> recorded = new("--recorded")
        {
            Description = "The bugs of the table, each with its own finder first; --seed and --count choose among them",
        };
        Option<string?> tests = new("--tests") { Description = $"The folder with {TestAssembly}; the one of this program when it is there" };
        Option<string?> map = new("--map") { Description = "File that map writes and run reads; netloop-mutations.map in the folder for temporary files" };
        Option<string?> record = new("--record") { Description = "File to which found bugs are added, as lines of the table" };
        Option<long?> budget = new("--budget") { Description = $"Most seconds of processor time for each bug; {DefaultBudget}" };
        Option<long?> seconds = new("--seconds") { Description = "Begins no more bugs after this time" };
        Option<long?> patience = new("--patience") { Description = $"Most seconds for each test or world; {DefaultPatience}" };
        RootCommand root = new("Plants bugs into copies of the compiled engine, and tells which net finds them.")
        {
            task,
            seed,
            count,
            only,
            match,
            recorded,
            tests,
            map,
            record,
            budget,
            seconds,
            patience,
        };
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is HelpAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
        }

        string? mistake = parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null;
        string? folder = mistake is null ? parsed.GetValue(tests) ?? FindTests() : null;
        if (mistake is null)
        {
            mistake = Check(
                parsed.GetValue(task)!,
                parsed.GetValue(seed),
                parsed.GetValue(count),
                parsed.GetValue(budget),
                parsed.GetValue(seconds),
                parsed.GetValue(patience),
                folder);
            if (parsed.GetValue(task) == "run" && parsed.GetValue(map) is { } given && !File.Exists(given))
            {
                mistake ??= $"--map is {given}, which is not there; make it with the task map";
            }
        }

        if (mistake is not null)
        {
            return Refuse(mistake, error);
        }

        MutationOptions options = new()
        {
            Task = parsed.GetValue(task)!,
            Tests = folder!,
            Seed = parsed.GetValue(seed),
            Count = parsed.GetValue(count) ?? (parsed.GetValue(seed) is null ? MaxCount : DefaultCount),
            Only = parsed.GetValue(only) ?? [],
            Match = parsed.GetValue(match) ?? "",
            IsRecorded = parsed.GetValue(recorded),
            Map = parsed.GetValue(map) ?? Path.Combine(Path.GetTempPath(), "netloop-mutations.map"),
            Record = parsed.GetValue(record) ?? "",
            Budget = TimeSpan.FromSeconds(parsed.GetValue(budget) ?? DefaultBudget),
            Patience = TimeSpan.FromSeconds(parsed.GetValue(patience) ?? DefaultPatience),
            Time = TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? MaxSeconds),
        };
        try
        {
            return new MutationTasks(options, output, error).Run();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse(exception.Message, error);
        }
    }

    private static int Refuse(string mistake, TextWriter error)
    {
        error.WriteLine($"mutations: {mistake.ReplaceLineEndings(" ").TrimEnd('.')}; see --help");
        return 2;
    }

    private static string? Check(string task, int? seed, int? count, long? budget, long? seconds, long? patience, string? folder)
    {
        if (!Tasks.Contains(task))
        {
            return $"'{task}' is no task; there are {string.Join(", ", Tasks)}";
        }

        if (seed is < 0)
        {
            return $"--seed is {seed}; give it 0 or more";
        }

        if (count is < 1 or > MaxCount)
        {
            return $"--count is {count}; give it 1 to {MaxCount}";
        }

        if (budget is < 1 or > MaxSeconds)
        {
            return $"--budget is {budget}; give it 1 to {MaxSeconds}";
        }

        if (seconds is < 1 or > MaxSeconds)
        {
            return $"--seconds is {seconds}; give it 1 to {MaxSeconds}";
        }

        if (patience is < 1 or > MaxSeconds)
        {
            return $"--patience is {patience}; give it 1 to {MaxSeconds}";
        }

        return folder is null
            || !File.Exists(Path.Combine(folder, TestAssembly))
                ? $"there is no {TestAssembly} in '{folder ?? AppContext.BaseDirectory}'; build the tests, or give their folder with --tests"
                : null;
    }

    // In this program's folder if the tests were copied there; otherwise where they are built in the same repository.
    private static string? FindTests()
    {
        string own = AppContext.BaseDirectory;
        string built = own.Replace("NetLoop.Mutations", "NetLoop.Tests", StringComparison.Ordinal);
        return new[] { own, built }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, TestAssembly)));
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Security.Cryptography;
using NetLoop.Fuzzing.Targets;

namespace NetLoop.Fuzzing.Running;

/// <summary>Runs a command line and returns the exit code: 0 if no parser failed, 1 if one did, 2 for a mistake in the command line.</summary>
internal static class FuzzCommand
{
    private const string AllTargets = "all";
    private const long DefaultSeconds = 10;
    private const int MaxInputDigits = Mutation.InputBuffer.MaxBytes * 2;

    // Small, so that a parser whose recursion grows with its input overflows soon.
    private const int StackBytes = 256 * 1_024;

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="createTargets">Creates the targets; called for each run, so that no target keeps state from another run.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For mistakes in the command line, one line each.</param>
    public static int Run(string[] args, Func<IReadOnlyList<IFuzzTarget>> createTargets, TextWriter output, TextWriter error)
    {
        IReadOnlyList<IFuzzTarget> targets = createTargets();
        Argument<string> target = new("target") { Description = $"{string.Join(", ", targets.Select(known => known.Name))} or {AllTargets}" };
        Option<long?> inputs = new("--inputs") { Description = "How many inputs to run; alone, without a limit of time" };
        Option<long?> seconds = new("--seconds") { Description = $"How long to run, for each target; {DefaultSeconds} when neither is given" };
        Option<ulong?> seed = new("--seed") { Description = "What all inputs follow from; without, a new one is chosen and printed" };
        Option<string?> input = new("--input") { Description = "Runs this one input, hexadecimal digits or 'empty', and nothing else" };
        Command root = new("fuzz", "Feeds the parsers with inputs that nobody means well with.\n\n" + Help(targets)) { target, inputs, seconds, seed, input };
        root.Options.Add(new HelpOption());
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is HelpAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
        }

        string? mistake = parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null;
        if (mistake is null)
        {
            FuzzOptions? options = Check(
                parsed.GetValue(target)!, parsed.GetValue(inputs), parsed.GetValue(seconds), parsed.GetValue(seed), parsed.GetValue(input), targets,
                out mistake);
            if (options is not null)
            {
                return RunOnSmallStack(options, targets, output);
            }
        }

        error.WriteLine($"fuzz: {mistake!.ReplaceLineEndings(" ").TrimEnd('.')}; see --help");
        return 2;
    }

    private static string Help(IReadOnlyList<IFuzzTarget> targets) =>
        string.Join("\n", targets.Select(target => $"{target.Name}: {target.Description}"));

    private static FuzzOptions? Check(
        string target, long? inputs, long? seconds, ulong? seed, string? input, IReadOnlyList<IFuzzTarget> targets, out string? mistake)
    {
        byte[]? bytes = null;
        mistake = null;
        if (target != AllTargets && !targets.Any(known => known.Name == target))
        {
            mistake = $"'{target}' is no target; there are {string.Join(", ", targets.Select(known => known.Name))} and {AllTargets}";
        }
        else if (inputs is < 1)
        {
            mistake = $"--inputs is {inputs}; give it 1 or more";
        }
        else if (seconds is < 1 or > 86_400)
        {
            mistake = $"--seconds is {seconds}; give it 1 to 86400";
        }
        else if (input is not null && target == AllTargets)
        {
            mistake = $"--input belongs to one target, not to {AllTargets}";
        }
        else if (input is not null && (inputs ?? seconds) is not null)
        {
            mistake = "--input runs one input; leave --inputs and --seconds out";
        }
        else if (input is not null && !TryParse(input, out bytes))
        {
            mistake = $"--input is no even number of hexadecimal digits, at most {MaxInputDigits}";
        }

        if (mistake is not null)
        {
            return null;
        }

        TimeSpan time = seconds is { } given ? TimeSpan.FromSeconds(given) : inputs is null ? TimeSpan.FromSeconds(DefaultSeconds) : TimeSpan.MaxValue;
        return new(target, inputs ?? long.MaxValue, time, seed ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue), bytes);
    }

    private static bool TryParse(string input, out byte[]? bytes)
    {
        bytes = null;
        if (input == "empty")
        {
            bytes = [];
        }
        else if (input.Length is > 0 and <= MaxInputDigits && input.Length % 2 == 0 && input.All(char.IsAsciiHexDigit))
        {
            bytes = Convert.FromHexString(input);
        }

        return bytes is not null;
    }

    private static int RunOnSmallStack(FuzzOptions options, IReadOnlyList<IFuzzTarget> targets, TextWriter output)
    {
        bool isWell = true;
        Thread thread = new(
            () =>
            {
                foreach (IFuzzTarget target in targets.Where(target => options.Target is AllTargets || options.Target == target.Name))
                {
                    isWell &= options.Input is { } input ? RunInput(target, input, output) : RunTarget(target, options, output);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        return isWell ? 0 : 1;
    }

    private static bool RunTarget(IFuzzTarget target, FuzzOptions options, TextWriter output)
    {
        // Printed first, so that it is known even if the process does not survive an input.
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: seed {options.Seed}"));
        FuzzResult result = new Fuzzer(target, options.Seed).Run(Corpus.Load(target.Name), options.Inputs, options.Time);
        double rate = result.Inputs / Math.Max(result.Elapsed.TotalSeconds, 1e-6);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {result.Inputs:N0} inputs in {result.Elapsed.TotalSeconds:N1} s, {rate:N0} inputs/s, {result.States:N0} states reached, "
                + $"{result.Kept:N0} inputs kept, at most {result.MostAllocated:N0} bytes allocated"));
        if (result.Failure is { } failure)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: FAILED on input {result.Inputs:N0} of seed {options.Seed}"));
            Print(failure, output);
        }

        return result.Failure is null;
    }

    private static bool RunInput(IFuzzTarget target, byte[] input, TextWriter output)
    {
        FuzzFailure? failure = Fuzzer.RunOne(target, input);
        if (failure is null)
        {
            output.WriteLine($"{target.Name}: the input passes");
            return true;
        }

        output.WriteLine($"{target.Name}: FAILED");
        Print(failure, output);
        return false;
    }

    private static void Print(FuzzFailure failure, TextWriter output)
    {
        output.WriteLine($"  problem:   {failure.Problem}");
        output.WriteLine($"  input:     {Convert.ToHexString(failure.Input)}");
        output.WriteLine($"  reproduce: {failure.Command}");
    }
}

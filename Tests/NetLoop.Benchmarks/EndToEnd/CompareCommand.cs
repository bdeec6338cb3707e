using System.CommandLine;
using System.IO.Enumeration;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary><c>compare</c>: the engine's echo compared with raw C, SocketAsyncEventArgs and Kestrel.</summary>
internal static class CompareCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = OptionFactory.Integer(
            "--rounds", "How often each server is measured in each cell; fewer than 8 prove nothing", 8, min: 1, max: 1_000);
        Option<int> milliseconds = OptionFactory.Integer("--milliseconds", "How long each is measured", 600, min: 100, max: 60_000);
        Option<string> cells = new("--cells")
        {
            Description = $"Which cells, with * for any part of a name, separated by commas: {string.Join(", ", LoadCase.All.Select(load => load.Name))}",
            HelpName = "NAMES",
            DefaultValueFactory = _ => "*",
        };
        Option<string> servers = new("--servers")
        {
            Description = "Which servers: netloop, netloop-dedicated, netloop-spin, c, c-spin, saea, kestrel",
            HelpName = "NAMES",
            DefaultValueFactory = _ => "*",
        };
        Option<int> seed = OptionFactory.Integer("--seed", "Of the order in which servers are measured", 1, min: 0, max: int.MaxValue);
        Option<bool> ownLoad = new("--own-load") { Description = "Load with 'netloop load' even where the generator in C can be built" };
        Option<bool> noTicks = new("--no-ticks") { Description = "Leave out how late ticks are" };
        Option<bool> tls = new("--tls") { Description = "Compare netloop-tls and kestrel-tls, with the same certificate, loaded by 'netloop load'" };
        Option<string?> former = new("--former")
        {
            Description = "Measure the netloop.dll of another build too, as netloop-former, and make it what ratios are to",
            HelpName = "FILE",
        };
        var command = new Command("compare", "Measure the engine's echo against raw C, SocketAsyncEventArgs and Kestrel: some 15 minutes for everything");
        foreach (Option option in (Option[])[rounds, milliseconds, cells, servers, seed, ownLoad, noTicks, tls, former])
        {
            command.Options.Add(option);
        }

        var report = new ReportOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            using var programs = new CPrograms();
            await programs.BuildAsync().ConfigureAwait(false);
            string folder = Directory.CreateTempSubdirectory("netloop-").FullName;
            (string Certificate, string Key)? certificate = parsed.GetValue(tls) ? DevelopmentCertificate.Write(folder) : null;
            IReadOnlyList<ServerKind> all = certificate is { } files
                ? ServerKind.WithTls(files)
                : ServerKind.All(programs, FormerBuild(parsed.GetValue(former)));
            var settings = new ComparisonSettings(
                Choose("--servers", parsed.GetValue(servers)!, all, kind => kind.Name),
                Choose("--cells", parsed.GetValue(cells)!, LoadCase.All, load => load.Name),
                parsed.GetValue(rounds),
                WarmUp: TimeSpan.FromMilliseconds(250),
                TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds)),
                parsed.GetValue(seed));
            var tool = new LoadTool(parsed.GetValue(ownLoad) || certificate is not null ? null : programs.LoadGenerator, certificate?.Certificate);
            IReadOnlyList<CaseResult> results;
            string reference;
            await using (var comparison = new Comparison(settings, tool))
            {
                results = await comparison.RunAsync().ConfigureAwait(false);
                reference = comparison.Reference;
            }

            Directory.Delete(folder, recursive: true);
            IReadOnlyList<TickResult> ticks = parsed.GetValue(noTicks) || certificate is not null
                ? []
                : await TickMeasurement.RunAsync(tool, TickMeasurement.DefaultTime).ConfigureAwait(false);
            string line =
                $"dotnet run -c Release --project Tests/NetLoop.Benchmarks -- compare {string.Join(' ', parsed.Tokens.Select(token => token.Value))}".TrimEnd();
            var whole = new ComparisonReport(Machine.Describe(), line, tool.Name, reference, settings.Rounds, results, ticks);
            await report.WriteAsync(parsed, whole, ReportJson.Default.ComparisonReport, whole.ToMarkdown()).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static string? FormerBuild(string? file) => file is null || File.Exists(file)
        ? file
        : throw new MistakeException($"--former {file}: there is no such file; name the netloop.dll of a Release build");

    private static IReadOnlyList<T> Choose<T>(string option, string names, IReadOnlyList<T> all, Func<T, string> name)
    {
        string[] patterns = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? unknown = patterns.FirstOrDefault(pattern => !all.Any(item => FileSystemName.MatchesSimpleExpression(pattern, name(item))));
        return unknown is not null || patterns.Length == 0
            ? throw new MistakeException($"{option} '{unknown}' is none of: {string.Join(", ", all.Select(name))}")
            : [.. all.Where(item => patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name(item))))];
    }
}

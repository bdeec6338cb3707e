using System.Diagnostics;
using System.Globalization;

namespace NetLoop.Mutations.Nets;

/// <summary>Runs nets in a separate process.</summary>
internal static class NetProcess
{
    /// <summary>The command-line word that makes this program that process.</summary>
    public const string Word = "host";

    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(30);

    /// <summary>Runs steps on the engine in a scratch folder.</summary>
    /// <param name="scratch">The folder of the engine.</param>
    /// <param name="steps">The steps, in order.</param>
    /// <param name="budget">Maximum processor time.</param>
    /// <param name="patience">Maximum time for one test or world.</param>
    /// <returns>The lines of its report.</returns>
    public static IReadOnlyList<string> Run(Scratch scratch, IEnumerable<NetStep> steps, TimeSpan budget, TimeSpan patience)
    {
        string plan = Path.Combine(scratch.Folder, "plan.tsv");
        string report = Path.Combine(scratch.Folder, "report.tsv");
        File.WriteAllLines(plan, steps.Select(step => step.ToString()));
        File.Delete(report);
        ProcessStartInfo start = new("dotnet")
        {
            WorkingDirectory = scratch.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] words =
        [
            "exec", "--depsfile", $"{scratch.TestAssembly}.deps.json", "--runtimeconfig", $"{scratch.TestAssembly}.runtimeconfig.json", "NetLoop.Mutations.dll",
            Word, plan, report,
            Seconds(budget), Seconds(patience),
        ];
        Array.ForEach(words, start.ArgumentList.Add);
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, _) => { };
        List<string> errors = [];
        process.ErrorDataReceived += (_, line) => Keep(line.Data, errors);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(MostTime))
        {
            process.Kill(entireProcessTree: true);
        }

        IEnumerable<string> lines = File.Exists(report) ? File.ReadAllLines(report) : [];
        return [.. lines, .. errors.Select(error => $"error\t{error.Replace('\t', ' ')}").Take(1)];
    }

    private static void Keep(string? line, List<string> errors)
    {
        if (line?.Length > 0)
        {
            errors.Add(line);
        }
    }

    private static string Seconds(TimeSpan time) => ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}

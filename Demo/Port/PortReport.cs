using System.Diagnostics;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Stack.Linux;

namespace NetLoop.Demo.Port;

/// <summary>Reports which processes hold a port, and whether they ended when asked.</summary>
internal sealed class PortReport(CommandRun run, int port)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly List<int> _ended = [];

    /// <summary>Finds and reports the processes, and with <paramref name="kill"/> asks each one to end.</summary>
    /// <param name="kill">Whether to send SIGTERM.</param>
    /// <param name="yes">Whether to skip the confirmation.</param>
    /// <param name="patience">How long to wait for each process.</param>
    /// <returns>Failure if nobody holds the port, or if a process still holds it after it should have ended.</returns>
    public async Task<int> RunAsync(bool kill, bool yes, TimeSpan patience)
    {
        if (!PortTable.IsSupported)
        {
            throw new FailureException("who holds a port is known on Linux only; elsewhere try 'lsof -i' (macOS) or 'netstat -abno' (Windows)");
        }

        IReadOnlyList<PortHolder> holders = PortTable.Find(port);
        Dictionary<int, ProcessState?> states = holders.Select(holder => holder.ProcessId).Distinct().ToDictionary(id => id, ProcessState.Read);
        foreach (PortHolder holder in holders)
        {
            run.Output.WriteLine($"{holder.Protocol,-4}  {holder.Local}  {holder.State ?? "bound"}  {Name(holder)}  {holder.CommandLine}".TrimEnd());
        }

        int exitCode = holders.Count > 0 ? ExitCode.Success : ExitCode.Failure;
        bool? isFree = null;
        if (kill && holders.Count > 0)
        {
            foreach (PortHolder holder in holders.DistinctBy(holder => holder.ProcessId))
            {
                bool ended = await EndAsync(holder, states[holder.ProcessId], yes, patience).ConfigureAwait(false);
                exitCode = ended ? exitCode : ExitCode.Failure;
            }

            isFree = ReportWhoIsLeft();
            exitCode = isFree == true ? exitCode : ExitCode.Failure;
        }

        PortHolderSummary[] found = [.. holders.Select(Summarize)];
        run.Summarize(new PortSummary(port, found, isFree), SummaryJson.Default.PortSummary, holders.Count == 0 ? [$"nobody holds port {port}"] : []);
        return exitCode;
    }

    // A process that has ended may have passed the socket to another one, such as a child process.
    private bool ReportWhoIsLeft()
    {
        string[] left = [.. PortTable.Find(port).DistinctBy(holder => holder.ProcessId).Select(Name)];
        run.Output.WriteLine(left.Length == 0 ? $"port {port} is free" : $"port {port} is still held by {string.Join(" and ", left)}");
        return left.Length == 0;
    }

    private static string Name(PortHolder holder) =>
        holder.ProcessId == 0 ? "a process of another user" : $"process {holder.ProcessId} ({holder.ProcessName})";

    private async Task<bool> EndAsync(PortHolder holder, ProcessState? found, bool yes, TimeSpan patience)
    {
        if (holder.ProcessId == 0)
        {
            run.Output.WriteLine("cannot end a process of another user: try again as that user or as root");
            return false;
        }

        if (!yes && !await AgreesAsync($"Ask {Name(holder)} to end (SIGTERM)? [y/N] ").ConfigureAwait(false))
        {
            run.Output.WriteLine($"{Name(holder)} was left alone");
            return false;
        }

        var waited = Stopwatch.StartNew();
        bool ended = await TerminateAsync(holder.ProcessId, found, patience).ConfigureAwait(false);
        if (ended)
        {
            _ended.Add(holder.ProcessId);
        }

        run.Output.WriteLine(ended
            ? $"{Name(holder)} ended after {Format.Time(waited.Elapsed)}"
            : $"{Name(holder)} has not ended after {Format.Time(waited.Elapsed)}: 'kill -KILL {holder.ProcessId}' leaves it no choice");
        return ended;
    }

    private async Task<bool> AgreesAsync(string question)
    {
        await run.Output.WriteAsync(question).ConfigureAwait(false);
        string? answer = await ConsoleInput.ReadLineAsync(run.End).ConfigureAwait(false);
        return answer?.Trim() is "y" or "Y" or "yes";
    }

    private async Task<bool> TerminateAsync(int processId, ProcessState? found, TimeSpan patience)
    {
        // Time has passed since the process was found, perhaps while a person decided, so its id may now belong to another process.
        if (!IsAlive(processId, found))
        {
            return true;
        }

        if (!ProcessSignal.SendTerminate(processId))
        {
            return !IsAlive(processId, found);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(run.End);
        end.CancelAfter(patience);
        using var timer = new PeriodicTimer(Pause);
        while (IsAlive(processId, found))
        {
            if (!await timer.NextAsync(end.Token).ConfigureAwait(false))
            {
                return !IsAlive(processId, found);
            }
        }

        return true;
    }

    private static bool IsAlive(int processId, ProcessState? found) =>
        ProcessState.Read(processId) is { HasEnded: false } now && now.StartTime == found?.StartTime;

    private PortHolderSummary Summarize(PortHolder holder) => new(
        holder.Protocol,
        holder.Local.ToString(),
        holder.State,
        holder.ProcessId,
        holder.ProcessName,
        holder.CommandLine,
        _ended.Contains(holder.ProcessId));
}

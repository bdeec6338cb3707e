using System.Globalization;

namespace NetLoop.Demo.Port;

/// <summary>A process as <c>/proc/PID/stat</c> has it.</summary>
/// <param name="StartTime">In clock ticks since the machine started: with the id it names one process for good, as ids come again.</param>
/// <param name="HasEnded">It is a zombie that only waits for its parent to ask about it: it holds nothing any more.</param>
internal readonly record struct ProcessState(ulong StartTime, bool HasEnded)
{
    private const int State = 0;
    private const int Threads = 17;
    private const int Started = 19;

    /// <summary>Looks at a process.</summary>
    /// <returns>Null when there is none.</returns>
    public static ProcessState? Read(int processId)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{processId}/stat"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // ESRCH: it ended while it was read.
        }
    }

    /// <summary>Reads the line. Source: proc_pid_stat(5).</summary>
    /// <returns>Null for anything else.</returns>
    public static ProcessState? Parse(string stat)
    {
        // The name in front may hold spaces and parentheses, so that the fields are counted from its end.
        int end = stat.LastIndexOf(')');
        string[] fields = end < 0 ? [] : stat[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= Started
            || !int.TryParse(fields[Threads], NumberStyles.None, CultureInfo.InvariantCulture, out int threads)
            || !ulong.TryParse(fields[Started], NumberStyles.None, CultureInfo.InvariantCulture, out ulong startTime))
        {
            return null;
        }

        // A first thread that has ended is a zombie too, while others of the process go on.
        return new ProcessState(startTime, fields[State] is "Z" or "X" or "x" && threads <= 1);
    }
}

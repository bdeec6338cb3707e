using System.Globalization;

namespace NetLoop.Demo.Port;

/// <summary>The state of a process in <c>/proc/PID/stat</c>.</summary>
/// <param name="StartTime">In clock ticks since the machine started. Together with the id it identifies a process, because ids are reused.</param>
/// <param name="HasEnded">Whether it is a zombie, which only waits for its parent to read its exit status and holds nothing any more.</param>
internal readonly record struct ProcessState(ulong StartTime, bool HasEnded)
{
    private const int State = 0;
    private const int Threads = 17;
    private const int Started = 19;

    /// <summary>Reads the state of a process.</summary>
    /// <returns>Null if there is no such process.</returns>
    public static ProcessState? Read(int processId)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{processId}/stat"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // ESRCH: the process ended while its state was read.
        }
    }

    /// <summary>Reads the line. Source: proc_pid_stat(5).</summary>
    /// <returns>Null if the text is not such a line.</returns>
    public static ProcessState? Parse(string stat)
    {
        // The name may contain spaces and parentheses, so the fields are counted from its end.
        int end = stat.LastIndexOf(')');
        string[] fields = end < 0 ? [] : stat[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= Started
            || !int.TryParse(fields[Threads], NumberStyles.None, CultureInfo.InvariantCulture, out int threads)
            || !ulong.TryParse(fields[Started], NumberStyles.None, CultureInfo.InvariantCulture, out ulong startTime))
        {
            return null;
        }

        // A process is also marked as a zombie if its first thread has ended while others still run.
        return new ProcessState(startTime, fields[State] is "Z" or "X" or "x" && threads <= 1);
    }
}

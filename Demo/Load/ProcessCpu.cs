using System.Globalization;

namespace NetLoop.Demo.Load;

/// <summary>The processor time of a process on Linux.</summary>
internal static class ProcessCpu
{
    /// <summary>
    /// Index of utime among the fields of /proc/PID/stat after the name: state is the first, utime and stime are the 12th and 13th (proc(5)).
    /// </summary>
    private const int UserField = 11;

    /// <summary>USER_HZ: 100 on every architecture that .NET supports.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of all its threads.</summary>
    /// <returns>Seconds, in steps of 0.01; null if there is no such process, or no /proc.</returns>
    public static double? Seconds(int process)
    {
        try
        {
            // The name is in parentheses and may contain any character, including parentheses.
            string stat = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (
                long.Parse(fields[UserField], CultureInfo.InvariantCulture) + long.Parse(fields[UserField + 1], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

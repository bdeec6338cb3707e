namespace NetLoop.Tests.Simulation.Parity;

/// <summary>A few socket calls, to be made on the real and on the simulated kernel.</summary>
/// <param name="Kind">Tcp, Unix or Udp: the kind of its sockets.</param>
/// <param name="Name">The subject; unique together with the kind.</param>
/// <param name="Steps">The steps that <see cref="ParityRun"/> runs.</param>
public sealed record ParityScript(TransportKind Kind, string Name, IReadOnlyList<string> Steps)
{
    /// <summary>
    /// Reads a table of scripts, one a line: <c>kinds | name | step; step; ...</c>, where kinds is tcp, unix, both or udp. A line that
    /// begins with a space goes on with the one before it; one that begins with # is a remark.
    /// </summary>
    public static IEnumerable<ParityScript> Parse(string table)
    {
        foreach (string line in Join(table))
        {
            string[] columns = line.Split('|', StringSplitOptions.TrimEntries);
            if (columns.Length != 3)
            {
                throw new FormatException($"Not 'kinds | name | steps': {line}");
            }

            string[] steps = columns[2].Split(';', StringSplitOptions.TrimEntries).SelectMany(Expand).ToArray();
            foreach (TransportKind kind in KindsOf(columns[0]))
            {
                yield return new ParityScript(kind, columns[1], steps);
            }
        }
    }

    public override string ToString() => $"{Kind}: {Name}";

    /// <summary>The beginning of most scripts: a listener L, a client C and the server's socket S, all with a suffix if there are several.</summary>
    private static IEnumerable<string> Expand(string step)
    {
        string[] words = step.Split(' ');
        if (words[0] != "pair")
        {
            return [step];
        }

        string suffix = words.Length > 1 ? words[1] : "";
        return [$"listen L{suffix}", $"connect C{suffix} L{suffix}", $"accept S{suffix} L{suffix}", $"finish C{suffix}"];
    }

    private static TransportKind[] KindsOf(string column) => column switch
    {
        "tcp" => [TransportKind.Tcp],
        "unix" => [TransportKind.Unix],
        "udp" => [TransportKind.Udp],
        "both" => [TransportKind.Tcp, TransportKind.Unix],
        _ => throw new FormatException($"'{column}' is not tcp, unix, udp or both."),
    };

    private static List<string> Join(string table)
    {
        List<string> lines = [];
        foreach (string line in table.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == ' ')
            {
                lines[^1] += line;
            }
            else
            {
                lines.Add(line);
            }
        }

        return lines;
    }
}

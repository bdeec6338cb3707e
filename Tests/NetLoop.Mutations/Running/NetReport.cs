using System.Globalization;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Running;

/// <summary>Reads the report of a process of the nets.</summary>
internal static class NetReport
{
    /// <summary>The results for the bugs whose turn came; at least one.</summary>
    /// <param name="lines">The report.</param>
    /// <param name="bugs">The bugs, in the order in which the process got them.</param>
    public static List<Finding> Read(IReadOnlyList<string> lines, IReadOnlyList<Place> bugs)
    {
        List<Finding> findings = [];
        Finding? found = null;
        string running = "the start";
        string error = lines.LastOrDefault(line => line.StartsWith("error", StringComparison.Ordinal))?.Split('\t')[1] ?? "the process ended";
        bool isOpen = true;
        foreach (string[] parts in lines.Select(line => line.Split('\t')))
        {
            Place place = bugs[Math.Min(findings.Count, bugs.Count - 1)];
            switch (parts[0])
            {
                case "bug":
                    isOpen = true;
                    found = null;
                    running = parts[1];
                    break;
                case "begin":
                    running = parts[1];
                    break;
                case "found":
                    found = new Finding(place, parts[1], parts[2], parts[3], 0);
                    break;
                case "hangs":
                    findings.Add(found ?? new Finding(place, Finding.Hang, parts[1], "", 0));
                    isOpen = false;
                    break;
                case "done":
                    findings.Add(
                        (found ?? new Finding(place, Finding.Survived, "", "", 0)) with { Seconds = double.Parse(parts[1], CultureInfo.InvariantCulture) });
                    isOpen = false;
                    break;
                default:
                    break;
            }
        }

        if (isOpen && findings.Count < bugs.Count)
        {
            findings.Add(found ?? new Finding(bugs[findings.Count], Finding.Crash, running, error, 0));
        }

        return findings;
    }
}

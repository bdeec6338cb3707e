using System.Globalization;
using System.Text;

namespace NetLoop.Demo.Contracts;

/// <summary>All contracts of an application, as the source generator describes them.</summary>
internal sealed class ContractSet
{
    private const char Comment = '#';

    private ContractSet(string description, List<ContractShape> contracts)
    {
        Description = description;
        Contracts = contracts;
    }

    /// <summary>The text without comments, from which the fingerprint is computed.</summary>
    public string Description { get; }

    /// <summary>The contracts, in the order of the text.</summary>
    public IReadOnlyList<ContractShape> Contracts { get; }

    /// <summary>The fingerprint, as in the application's NetContracts class: FNV-1a, 64 bits.</summary>
    public ulong Fingerprint
    {
        get
        {
            const ulong offsetBasis = 0xcbf29ce484222325;
            const ulong prime = 0x100000001b3;
            ulong hash = offsetBasis;
            foreach (byte unit in Encoding.UTF8.GetBytes(Description))
            {
                hash = unchecked((hash ^ unit) * prime);
            }

            return hash == 0 ? 1 : hash;
        }
    }

    /// <summary>The fingerprint in hexadecimal, as every tool writes it.</summary>
    public string FingerprintText => "0x" + Fingerprint.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Adds the responses that requests declare.</summary>
    /// <param name="requests">A line for each request: its name, a colon and the name of its response.</param>
    /// <remarks>Contracts that are not in the set, because they are in another assembly, are left out.</remarks>
    public ContractSet WithResponses(string requests)
    {
        Dictionary<string, string> responseOf = requests.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .Where(pair => pair.Length == 2 && Contracts.Any(contract => contract.Name == pair[1]))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new(Description, [.. Contracts.Select(contract => contract with { Response = responseOf.GetValueOrDefault(contract.Name) })]);
    }

    /// <summary>Reads a description.</summary>
    /// <param name="text">The lines; empty lines and those that begin with # are ignored.</param>
    /// <exception cref="FormatException">A line is not part of a description; the message has its number and says what is expected.</exception>
    public static ContractSet Parse(string text)
    {
        StringBuilder description = new();
        List<ContractShape> contracts = [];
        List<ContractMember> members = [];
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            string line = lines[index].TrimEnd();
            if (line.Length == 0 || line[0] == Comment)
            {
                continue;
            }

            description.Append(line).Append('\n');
            if (line.StartsWith("  ", StringComparison.Ordinal) && contracts.Count > 0 && ContractMember.Parse(line[2..]) is { } member)
            {
                members.Add(member);
            }
            else if (ContractShape.ParseHeading(line) is { } contract)
            {
                members = [];
                contracts.Add(contract with { Members = members });
            }
            else
            {
                throw new FormatException($"line {index + 1} is '{line}', which describes neither a contract nor a member");
            }
        }

        return new(description.ToString(), contracts);
    }
}

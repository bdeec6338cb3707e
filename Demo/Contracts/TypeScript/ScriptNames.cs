using System.Globalization;
using System.Text;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>What contracts and members are called in a script.</summary>
internal sealed class ScriptNames
{
    /// <summary>Names that the client itself has, and that the language has.</summary>
    private static readonly HashSet<string> Taken =
    [
        "ClientOptions", "CloseInfo", "CloseReason", "Contract", "DateWithOffset", "DecodeError", "ErrorCode", "MessageContract", "NetLoopClient",
        "Reader", "RequestError", "SessionInfo", "Socket", "Timestamp", "Writer", "Answer", "Handler", "RequestHandler",
        "Array", "ArrayBuffer", "BigInt", "DataView", "Date", "Error", "Map", "Math", "Number", "Promise", "RangeError", "Set", "String",
        "TextDecoder", "TextEncoder", "Uint8Array", "WebSocket", "Object", "Symbol", "Infinity", "NaN", "JSON", "Intl", "Proxy", "Reflect",
    ];

    private readonly Dictionary<string, string> _names = [];

    /// <summary>Chooses a name for each contract: its last part, or more of them where that is somebody else's.</summary>
    public ScriptNames(IEnumerable<string> contracts)
    {
        HashSet<string> used = [.. Taken];
        foreach (string contract in contracts)
        {
            string name = Candidates(contract).First(candidate => !used.Contains(candidate));
            used.Add(name);
            _names[contract] = name;
        }
    }

    /// <summary>What a contract is called.</summary>
    public string Of(string contract) => _names[contract];

    /// <summary>What the members of a contract are called: in a script's own spelling, or exactly as in C# where two would have the same name.</summary>
    public static IReadOnlyList<string> OfMembers(IReadOnlyList<ContractMember> members)
    {
        List<string> names = [.. members.Select(OfMember)];
        HashSet<string> clashing = [.. names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key)];
        return [.. members.Select((member, index) => clashing.Contains(names[index]) ? member.Name ?? names[index] : names[index])];
    }

    // As its name on the wire, or in a script's own spelling.
    private static string OfMember(ContractMember member)
    {
        if (member.Name is not { } name)
        {
            return Unquote(member.Key);
        }

        // The letters of an abbreviation in front go together: ID becomes id, and URLText urlText.
        int upper = name.TakeWhile(char.IsUpper).Count();
        int lowered = upper <= 1 || upper == name.Length ? upper : upper - 1;
        return name[..lowered].ToLowerInvariant() + name[lowered..];
    }

    // A description has names as C# literals.
    private static string Unquote(string literal)
    {
        var name = new StringBuilder();
        for (int i = 1; i < literal.Length - 1; i++)
        {
            if (literal[i] != '\\')
            {
                name.Append(literal[i]);
                continue;
            }

            char escape = literal[++i];
            int digits = escape switch { 'u' => 4, 'U' => 8, _ => 0 };
            if (digits > 0)
            {
                int code = int.Parse(literal.AsSpan(i + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                name.Append(digits == 4 ? ((char)code).ToString() : char.ConvertFromUtf32(code));
                i += digits;
                continue;
            }

            name.Append(escape switch
            {
                '0' => '\0',
                'a' => '\a',
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\v',
                _ => escape,
            });
        }

        return name.ToString();
    }

    private static IEnumerable<string> Candidates(string contract)
    {
        string[] parts = [.. Split(contract).Select(Identifier)];
        for (int count = 1; count <= parts.Length; count++)
        {
            yield return string.Concat(parts[^count..]);
        }

        for (int number = 2; ; number++)
        {
            yield return $"{parts[^1]}{number}";
        }
    }

    // The dots inside of a generic contract's arguments separate nothing.
    private static IEnumerable<string> Split(string contract)
    {
        int start = 0;
        int depth = 0;
        for (int i = 0; i < contract.Length; i++)
        {
            depth += contract[i] == '<' ? 1 : contract[i] == '>' ? -1 : 0;
            if (contract[i] == '.' && depth == 0)
            {
                yield return contract[start..i];
                start = i + 1;
            }
        }

        yield return contract[start..];
    }

    // Box<int?> is called BoxOfIntOrNull.
    private static string Identifier(string part)
    {
        var name = new StringBuilder();
        bool isNewWord = true;
        foreach (char unit in part)
        {
            if (char.IsLetterOrDigit(unit) || unit == '_')
            {
                name.Append(isNewWord ? char.ToUpperInvariant(unit) : unit);
                isNewWord = false;
                continue;
            }

            name.Append(unit switch { '<' => "Of", '?' => "OrNull", ',' => "And", '[' => "Array", _ => "" });
            isNewWord = true;
        }

        return name.ToString();
    }
}

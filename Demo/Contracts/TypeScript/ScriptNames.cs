using System.Globalization;
using System.Text;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>Chooses the names of contracts and members in a script.</summary>
internal sealed class ScriptNames
{
    /// <summary>Names that the client itself or the language uses.</summary>
    private static readonly HashSet<string> Taken =
    [
        "ClientOptions", "CloseInfo", "CloseReason", "Contract", "DateWithOffset", "DecodeError", "ErrorCode", "MessageContract", "NetLoopClient",
        "Reader", "RequestError", "SessionInfo", "Socket", "Timestamp", "Writer", "Answer", "Handler", "RequestHandler",
        "Array", "ArrayBuffer", "BigInt", "DataView", "Date", "Error", "Map", "Math", "Number", "Promise", "RangeError", "Set", "String",
        "TextDecoder", "TextEncoder", "Uint8Array", "WebSocket", "Object", "Symbol", "Infinity", "NaN", "JSON", "Intl", "Proxy", "Reflect",
    ];

    private readonly Dictionary<string, string> _names = [];

    /// <summary>Chooses a name for each contract: the last part of its full name, or more parts where another contract has the same.</summary>
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

    /// <summary>Returns the name of a contract in the script.</summary>
    public string Of(string contract) => _names[contract];

    /// <summary>Chooses the names of a contract's members: in the script's spelling, or exactly as in C# if two members would have the same name.</summary>
    public static IReadOnlyList<string> OfMembers(IReadOnlyList<ContractMember> members)
    {
        List<string> names = [.. members.Select(OfMember)];
        HashSet<string> clashing = [.. names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key)];
        return [.. members.Select((member, index) => clashing.Contains(names[index]) ? member.Name ?? names[index] : names[index])];
    }

    // The name on the wire, or the name in the script's spelling.
    private static string OfMember(ContractMember member)
    {
        if (member.Name is not { } name)
        {
            return Unquote(member.Key);
        }

        // The letters of an abbreviation at the beginning are kept together: ID becomes id, and URLText becomes urlText.
        int upper = name.TakeWhile(char.IsUpper).Count();
        int lowered = upper <= 1 || upper == name.Length ? upper : upper - 1;
        return name[..lowered].ToLowerInvariant() + name[lowered..];
    }

    // A description has names as C# string literals.
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

    // The dots in a generic contract's arguments do not separate parts.
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

    // Box<int?> becomes BoxOfIntOrNull.
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

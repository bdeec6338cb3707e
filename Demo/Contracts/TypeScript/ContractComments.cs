using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>The documentation comments of an application's contracts.</summary>
internal sealed partial class ContractComments
{
    private readonly Dictionary<string, XElement> _members;

    private ContractComments(Dictionary<string, XElement> members)
    {
        _members = members;
    }

    /// <summary>No comments.</summary>
    public static ContractComments None { get; } = new([]);

    /// <summary>Reads the documentation file that the compiler wrote beside an assembly. Without such a file there are no comments.</summary>
    /// <exception cref="MistakeException">The file cannot be read, or is not XML.</exception>
    public static ContractComments ReadBeside(string assembly)
    {
        string file = Path.ChangeExtension(assembly, ".xml");
        try
        {
            return File.Exists(file) ? Parse(XDocument.Load(file)) : None;
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
        {
            throw new MistakeException($"the documentation file '{file}' cannot be read: {error.Message} Build the project again, or remove the file");
        }
    }

    /// <summary>Reads the comments from a documentation file.</summary>
    public static ContractComments Parse(XDocument file) => new(file
        .Descendants("member")
        .Select(member => (Name: (string?)member.Attribute("name"), Member: member))
        .Where(entry => entry.Name is not null)
        .GroupBy(entry => entry.Name!)
        .ToDictionary(entries => entries.Key, entries => entries.First().Member));

    /// <summary>Returns the summary of a contract on one line; null if it has none.</summary>
    public string? OfContract(string contract) => Text(Find('T', contract)?.Element("summary"));

    /// <summary>Returns the summary of a member, or the comment of a positional record's parameter; null if there is neither.</summary>
    /// <param name="contract">The member's contract.</param>
    /// <param name="member">The member's name in code.</param>
    public string? OfMember(string contract, string member) =>
        Text((Find('P', contract, member) ?? Find('F', contract, member))?.Element("summary"))
        ?? Text(Find('T', contract)?.Elements("param").FirstOrDefault(parameter => (string?)parameter.Attribute("name") == member));

    private XElement? Find(char kind, string contract, string? member = null) =>
        _members.GetValueOrDefault($"{kind}:{IdOf(contract)}{(member is null ? "" : "." + member)}");

    // In a documentation file, Box<int, Pair<int>> is Box`2.
    private static string IdOf(string contract)
    {
        int arguments = contract.IndexOf('<', StringComparison.Ordinal);
        if (arguments < 0)
        {
            return contract;
        }

        int depth = 0;
        int count = 1;
        foreach (char unit in contract.AsSpan(arguments))
        {
            depth += unit switch { '<' or '(' => 1, '>' or ')' => -1, _ => 0 };
            count += unit == ',' && depth == 1 ? 1 : 0;
        }

        return $"{contract[..arguments]}`{count}";
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        string text = Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();
        return text.Length == 0 ? null : ScriptDialect.Plain(text).Replace("*/", "*\\/", StringComparison.Ordinal);
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } link when link.Attribute("cref") is { } target => LastName(target.Value),
        XElement { Name.LocalName: "see" } word when word.Attribute("langword") is { } name => name.Value,
        XElement { Name.LocalName: "paramref" or "typeparamref" } parameter => (string?)parameter.Attribute("name") ?? "",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => " " + string.Concat(other.Nodes().Select(Text)) + " ",
        _ => "",
    };

    // Returns Speed for M:Game.Rules.Speed(System.Int32).
    private static string LastName(string id)
    {
        string name = id.Split('(')[0];
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..].Split('`')[0];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

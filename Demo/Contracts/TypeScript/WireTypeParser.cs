namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>Parses the text of a type, such as <c>map&lt;string, array&lt;Game.Point&gt;?&gt;</c>.</summary>
/// <remarks>The recursion is as deep as a type in an assembly's description, which the compiler has accepted.</remarks>
internal sealed class WireTypeParser
{
    private readonly HashSet<string> _contracts;
    private readonly string _text;
    private int _position;

    private WireTypeParser(string text, HashSet<string> contracts)
    {
        _text = text;
        _contracts = contracts;
    }

    /// <summary>Parses a whole type.</summary>
    /// <param name="text">The type as the description of a member has it.</param>
    /// <param name="contracts">The names of all contracts; those of generic ones contain angle brackets and commas.</param>
    /// <exception cref="FormatException">The text is not a type.</exception>
    public static WireType Parse(string text, HashSet<string> contracts)
    {
        var parser = new WireTypeParser(text, contracts);
        WireType type = parser.ParseType();
        return parser._position == text.Length ? type : throw new FormatException($"'{text}' is not a type");
    }

    private WireType ParseType()
    {
        int start = _position;
        int contractEnd = EndOfContract();
        if (contractEnd > start)
        {
            _position = contractEnd;
            return new WireType(_text[start.._position], [], TryTake("?"), IsContract: true);
        }

        _position = EndOfWord();
        string name = _text[start.._position];

        List<WireType> arguments = [];
        if (TryTake("<"))
        {
            do
            {
                arguments.Add(ParseType());
            }
            while (TryTake(", "));
            if (!TryTake(">"))
            {
                throw new FormatException($"'{_text}' is not a type");
            }
        }

        return new WireType(name, arguments, TryTake("?"), IsContract: false);
    }

    // Returns the end of the longest contract name that begins here; the current position if there is none.
    private int EndOfContract()
    {
        int longest = _position;
        foreach (string contract in _contracts)
        {
            int end = _position + contract.Length;
            bool isHere = _text.AsSpan(_position).StartsWith(contract, StringComparison.Ordinal);
            if (isHere && (end == _text.Length || _text[end] is '?' or ',' or '>'))
            {
                longest = Math.Max(longest, end);
            }
        }

        return longest;
    }

    private int EndOfWord()
    {
        int end = _position;
        while (end < _text.Length && _text[end] is not ('<' or '>' or ',' or '?'))
        {
            end++;
        }

        return end;
    }

    private bool TryTake(string token)
    {
        bool isHere = _text.AsSpan(_position).StartsWith(token, StringComparison.Ordinal);
        _position += isHere ? token.Length : 0;
        return isHere;
    }
}

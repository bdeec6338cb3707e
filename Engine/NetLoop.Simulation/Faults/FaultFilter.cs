using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NetLoop.Simulation;

/// <summary>The fault classes that may happen. Switching some off does not change the others.</summary>
/// <remarks>
/// Text: words separated by commas, read from left to right: <c>all</c>, <c>none</c>, <c>reset</c> for every class with that word in its name, <c>-reset</c>
/// to exclude them.
/// </remarks>
internal sealed class FaultFilter
{
    private readonly bool[] _allowed;
    private readonly string _text;

    private FaultFilter(bool[] allowed, string text)
    {
        _allowed = allowed;
        _text = text;
    }

    /// <summary>Every class.</summary>
    public static FaultFilter All { get; } = new(Filled(true), "all");

    /// <summary>No class.</summary>
    public static FaultFilter None { get; } = new(Filled(false), "none");

    public bool IsAll => Array.TrueForAll(_allowed, static allowed => allowed);

    public bool Allows(FaultClass fault) => _allowed[(int)fault];

    /// <summary>Returns the same filter without one class.</summary>
    public FaultFilter Without(FaultClass fault)
    {
        bool[] allowed = [.. _allowed];
        allowed[(int)fault] = false;
        return new FaultFilter(allowed, $"{_text},-{NameOf(fault)}");
    }

    /// <summary>Parses the result of <see cref="ToString"/>, or a text in the same form.</summary>
    /// <param name="text">Words separated by commas.</param>
    /// <param name="filter">The filter, or null.</param>
    /// <param name="mistake">The word that names no class, or null.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out FaultFilter? filter, [NotNullWhen(false)] out string? mistake)
    {
        filter = null;
        mistake = null;
        string[] words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            mistake = text;
            return false;
        }

        // A list that starts with an exclusion starts with all classes.
        bool[] allowed = Filled(words[0].StartsWith('-'));
        foreach (string word in words)
        {
            bool allows = !word.StartsWith('-');
            string name = allows ? word : word[1..];
            if (!Apply(allowed, name.ToLowerInvariant(), allows))
            {
                mistake = word;
                return false;
            }
        }

        filter = new FaultFilter(allowed, text);
        return true;
    }

    /// <summary>The name of a class in text form: receive-partial.</summary>
    public static string NameOf(FaultClass fault)
    {
        var name = new StringBuilder();
        foreach (char letter in fault.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0)
            {
                name.Append('-');
            }

            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    public override string ToString() => _text;

    private static bool Apply(bool[] allowed, string name, bool allows)
    {
        if (name is "all" or "none")
        {
            Array.Fill(allowed, (name == "all") == allows);
            return true;
        }

        bool found = false;
        foreach (FaultClass fault in Enum.GetValues<FaultClass>())
        {
            if (("-" + NameOf(fault) + "-").Contains("-" + name + "-", StringComparison.Ordinal))
            {
                allowed[(int)fault] = allows;
                found = true;
            }
        }

        return found;
    }

    private static bool[] Filled(bool value)
    {
        bool[] all = new bool[FaultPlan.ClassCount];
        Array.Fill(all, value);
        return all;
    }
}

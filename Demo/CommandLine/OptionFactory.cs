using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace NetLoop.Demo.CommandLine;

/// <summary>Options whose error messages name the option, the value, what is allowed and what to write instead.</summary>
internal static class OptionFactory
{
    /// <summary>A duration such as 10s.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result => DurationText.TryParse(Text(result), out TimeSpan duration)
            ? duration
            : Wrong<TimeSpan?>(
                result, name, $"is not a duration up to {DurationText.Max.TotalDays:0} days; write a number and ms, s, m or h, for example 500ms or 10s"),
    };

    /// <summary>A share such as 5%, as a number from 0 to 1.</summary>
    public static Option<double> Percent(string name, string description) => new(name)
    {
        Description = $"{description} [default: 0%]",
        HelpName = "PERCENT",
        CustomParser = result =>
        {
            string text = Text(result);
            return text.EndsWith('%')
                && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
                && percent <= 100
                ? percent / 100
                : Wrong<double>(result, name, "is not a share from 0% to 100%, for example 5% or 0.1%");
        },
    };

    /// <summary>A whole number in a range.</summary>
    public static Option<int> Integer(string name, string description, int defaultValue, int min, int max)
    {
        Option<int> option = RequiredInteger(name, description, min, max);
        option.Required = false;
        option.DefaultValueFactory = _ => defaultValue;
        return option;
    }

    /// <summary>A required whole number in a range.</summary>
    public static Option<int> RequiredInteger(string name, string description, int min, int max) => new(name)
    {
        Description = description,
        HelpName = "N",
        Required = true,
        CustomParser = result =>
            int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : Wrong<int>(result, name, $"is not a whole number from {min} to {max}"),
    };

    /// <summary>One of a few words.</summary>
    public static Option<T> Word<T>(string name, string description, params (string Word, T Value)[] words)
    {
        string allowed = string.Join("|", words.Select(pair => pair.Word));
        return new Option<T>(name)
        {
            Description = description,
            HelpName = allowed,
            CustomParser = result =>
            {
                int index = Array.FindIndex(words, pair => pair.Word == Text(result));
                return index >= 0 ? words[index].Value : Wrong<T>(result, name, $"is not one of {allowed}");
            },
        };
    }

    /// <summary>Returns the one word that was given for an option.</summary>
    public static string Text(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";

    /// <summary>Reads a value with a function that throws an exception whose message says what to write.</summary>
    public static T? Try<T>(ArgumentResult result, string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException refusal)
        {
            result.AddError($"{name}: {refusal.Message}");
            return default;
        }
    }

    /// <summary>Reports a mistake in an option's value, under the name that was typed.</summary>
    public static T? Wrong<T>(ArgumentResult result, string name, string why)
    {
        string typed = (result.Parent as OptionResult)?.IdentifierToken?.Value ?? name;
        result.AddError($"{typed} '{Text(result)}' {why}");
        return default;
    }
}

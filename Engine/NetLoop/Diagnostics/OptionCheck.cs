namespace NetLoop.Diagnostics;

/// <summary>Validates options.</summary>
internal static class OptionCheck
{
    /// <summary>Throws if an option is not valid.</summary>
    /// <param name="holds">Whether the option is valid.</param>
    /// <param name="option">The name of the option.</param>
    /// <param name="value">The value of the option.</param>
    /// <param name="allowed">The allowed values.</param>
    /// <param name="group">A prefix for the name in the message, with its dot.</param>
    /// <exception cref="ArgumentOutOfRangeException">The option is not valid; the message has its name, its value and the allowed values.</exception>
    public static void Require(bool holds, string option, object value, string allowed, string group = "")
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{group}{option} is {value}; allowed: {allowed}.");
        }
    }
}

namespace NetLoop.Diagnostics;

/// <summary>Validates options.</summary>
internal static class OptionCheck
{
    /// <summary>Throws unless an option is as it must be.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="option">Its name.</param>
    /// <param name="value">What it is set to.</param>
    /// <param name="allowed">What it may be.</param>
    /// <param name="group">What stands in front of the name in the message, with its dot.</param>
    /// <exception cref="ArgumentOutOfRangeException">The option is not valid; the message has its name, its value and the allowed values.</exception>
    public static void Require(bool holds, string option, object value, string allowed, string group = "")
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{group}{option} is {value}; allowed: {allowed}.");
        }
    }
}

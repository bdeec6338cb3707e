namespace NetLoop;

/// <summary>The host's configuration of a server has an unknown key or a value that is not allowed; the message names the key and what is allowed.</summary>
public sealed class NetConfigurationException : Exception
{
    internal NetConfigurationException(string key, string message, Exception? inner = null)
        : base(message, inner) => Key = key;

    /// <summary>The key, such as <c>NetLoop:Listeners:0:IdleTimeout</c>.</summary>
    public string Key { get; }
}

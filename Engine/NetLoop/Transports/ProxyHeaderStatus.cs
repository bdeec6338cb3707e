namespace NetLoop.Transports;

/// <summary>The result of reading a PROXY header.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>The header is complete.</summary>
    Complete,

    /// <summary>The connection does not begin with a header.</summary>
    Missing,

    /// <summary>The header is not valid, or longer than allowed.</summary>
    Malformed,
}

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>An open socket of a script.</summary>
internal sealed class ParitySocket(string name, ParityHost host, SocketHandle handle, Token token)
{
    public string Name { get; } = name;

    public ParityHost Host { get; } = host;

    public SocketHandle Handle { get; } = handle;

    /// <summary>The token in its poller.</summary>
    public Token Token { get; set; } = token;

    public bool IsWatched { get; set; }

    /// <summary>Number of bytes sent.</summary>
    public long Sent { get; set; }

    /// <summary>Number of bytes received.</summary>
    public long Received { get; set; }
}

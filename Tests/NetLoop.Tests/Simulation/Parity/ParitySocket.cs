namespace NetLoop.Tests.Simulation.Parity;

/// <summary>An open socket of a script.</summary>
internal sealed class ParitySocket(string name, ParityHost host, SocketHandle handle, Token token)
{
    public string Name { get; } = name;

    public ParityHost Host { get; } = host;

    public SocketHandle Handle { get; } = handle;

    /// <summary>What its poller is to name it by.</summary>
    public Token Token { get; set; } = token;

    public bool IsWatched { get; set; }

    /// <summary>Bytes sent so far.</summary>
    public long Sent { get; set; }

    /// <summary>Bytes received so far.</summary>
    public long Received { get; set; }
}

namespace NetLoop.Worlds;

/// <summary>One session as its client sees it, and what the server must see of it: the reference with which every message is compared.</summary>
internal sealed class ClientLife(int client, int number)
{
    public int Client { get; } = client;

    public int Number { get; } = number;

    public NetClient? Connection { get; set; }

    /// <summary>Messages accepted for sending; also the number of the last one.</summary>
    public long Sent { get; set; }

    /// <summary>Messages the server handled.</summary>
    public long Handled { get; set; }

    /// <summary>Pushes received.</summary>
    public long Pushed { get; set; }

    /// <summary>The server's boot that sends the pushes; 0 before the first push.</summary>
    public int Boot { get; set; }

    /// <summary>The last broadcast received; 0 before the first.</summary>
    public long News { get; set; }

    /// <summary>The server's side of it, from its first message on.</summary>
    public ServerSession? Server { get; set; }

    public bool WasOpened { get; set; }

    public bool WasClosed { get; set; }

    /// <summary>Whether its client said Goodbye or was about to.</summary>
    public bool HasLeft { get; set; }

    /// <summary>How it ended, as reported to its client.</summary>
    public CloseInfo? End { get; set; }

    public long SteadyAnswers { get; set; }

    /// <summary>Whether everything it sent was handled.</summary>
    public bool IsComplete => Handled == Sent;

    public bool IsOpen => Connection is { Session.Status: SessionStatus.Open };

    /// <summary>Its process died.</summary>
    public void Lose() => Connection = null;

    public ulong CheckOf(long message) => Checksum.Of((ulong)Client, (ulong)Number, message);
}

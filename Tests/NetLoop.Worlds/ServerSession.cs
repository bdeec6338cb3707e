namespace NetLoop.Worlds;

/// <summary>One session as the server sees it.</summary>
internal sealed class ServerSession(Session session, int boot)
{
    public Session Session { get; } = session;

    public int Boot { get; } = boot;

    /// <summary>Pushes of ticks that have not arrived, each with the number of news sent before it.</summary>
    public Queue<(long Number, long News)> NewsBefore { get; } = [];

    /// <summary>The client's side of the session; null before the first message.</summary>
    public ClientLife? Life { get; set; }

    /// <summary>Pushes accepted for sending.</summary>
    public long Pushed { get; set; }

    public bool WasClosed { get; set; }

    /// <summary>Whether the server closed it, after which none of its messages may reach a handler.</summary>
    public bool IsKicked { get; set; }

    public ulong CheckOf(long message) => Checksum.Of(Session.Id, (ulong)Boot, message);
}

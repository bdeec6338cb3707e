namespace NetLoop.Worlds;

/// <summary>One session as the server lives it.</summary>
internal sealed class ServerSession(Session session, int boot)
{
    public Session Session { get; } = session;

    public int Boot { get; } = boot;

    /// <summary>Pushes of ticks that have not arrived, with how many news were spread before each.</summary>
    public Queue<(long Number, long News)> NewsBefore { get; } = [];

    /// <summary>Whose it is; null before the first message.</summary>
    public ClientLife? Life { get; set; }

    /// <summary>Pushes accepted for sending.</summary>
    public long Pushed { get; set; }

    public bool WasClosed { get; set; }

    /// <summary>Whether the server closed it: nothing more of it may reach a handler.</summary>
    public bool IsKicked { get; set; }

    public ulong CheckOf(long message) => Checksum.Of(Session.Id, (ulong)Boot, message);
}

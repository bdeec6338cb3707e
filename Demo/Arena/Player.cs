namespace NetLoop.Demo.Arena;

/// <summary>A session and its entity.</summary>
internal sealed class Player(Session session, Entity entity, int slot)
{
    /// <summary>The player's session.</summary>
    public Session Session { get; } = session;

    /// <summary>The player's entity.</summary>
    public Entity Entity { get; } = entity;

    /// <summary>Index in the module's list.</summary>
    public int Slot { get; set; } = slot;
}

namespace NetLoop.Demo.Arena;

/// <summary>A session and its entity.</summary>
internal sealed class Player(Session session, Entity entity, int slot)
{
    /// <summary>Who plays.</summary>
    public Session Session { get; } = session;

    /// <summary>Who is played.</summary>
    public Entity Entity { get; } = entity;

    /// <summary>The place in the module's list.</summary>
    public int Slot { get; set; } = slot;
}

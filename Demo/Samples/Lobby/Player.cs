namespace Lobby;

/// <summary>The server's data about a session, in its <c>UserData</c>.</summary>
public sealed class Player(string name)
{
    public string Name { get; } = name;

    /// <summary>The room that the player is in; null for none.</summary>
    public string? Room { get; set; }
}

namespace Lobby;

/// <summary>A rule of the lobby was broken; the text is for the player.</summary>
public sealed class LobbyException(string message) : Exception(message);

using System.ComponentModel.DataAnnotations;
using NetLoop;

namespace Lobby;

/// <summary>Asks to enter a room, which is created if it does not exist.</summary>
[NetMessage(100)]
public readonly partial record struct JoinRoom([property: Key(0), StringLength(20, MinimumLength = 1)] string Room) : INetRequest<Joined>;

/// <summary>The players in the room.</summary>
[NetContract]
public readonly partial record struct Joined([property: Key(0)] string[] Players);

/// <summary>Asks which rooms there are.</summary>
[NetMessage(101)]
public readonly partial record struct ListRooms : INetRequest<RoomList>;

/// <summary>A room and the number of its players.</summary>
[NetContract]
public readonly partial record struct RoomInfo([property: Key(0)] string Name, [property: Key(1)] int Players);

/// <summary>All rooms.</summary>
[NetContract]
public readonly partial record struct RoomList([property: Key(0)] RoomInfo[] Rooms);

/// <summary>Asks to close a room. Only admins may do that.</summary>
[NetMessage(102)]
public readonly partial record struct CloseRoom([property: Key(0), StringLength(20)] string Room) : INetRequest<RoomInfo>;

/// <summary>Client to server: says something to everybody in the room.</summary>
[NetMessage(103)]
public readonly partial record struct Say([property: Key(0), StringLength(200)] string Text);

/// <summary>Server to client: somebody in the room said something, entered or left.</summary>
[NetMessage(104)]
public readonly partial record struct Said([property: Key(0)] string Player, [property: Key(1)] string Text);
